//! The format of the files that the AWS tools keep: sections, and `name = value` in them.

/// The settings of one section, in the order of the file; `None` if there is no such section.
///
/// A line that is indented belongs to the setting above it and is left out, as is what is no setting. A section that
/// is there twice is read as one.
pub(super) fn section(text: &str, is_wanted: impl Fn(&str) -> bool) -> Option<Vec<(String, &str)>> {
    let (mut found, mut inside) = (None, false);
    for line in text.lines() {
        if let Some(name) = title(line) {
            inside = is_wanted(name);
            if inside {
                found.get_or_insert_with(Vec::new);
            }
        } else if let (true, Some(found), Some(setting)) = (inside, &mut found, setting(line)) {
            found.push(setting);
        }
    }
    found
}

/// The name between brackets, its parts divided by one space.
fn title(line: &str) -> Option<&str> {
    let (name, _comment) = line.strip_prefix('[')?.split_once(']')?;
    Some(name.trim())
}

fn setting(line: &str) -> Option<(String, &str)> {
    if line.starts_with([' ', '\t', '#', ';']) {
        return None;
    }
    let (name, value) = line.split_once('=')?;
    // A comment needs white space before it: secrets may hold both of its signs.
    let end = [" #", " ;", "\t#", "\t;"].iter().filter_map(|sign| value.find(sign)).min();
    let value = end.and_then(|end| value.get(..end)).unwrap_or(value);
    Some((name.trim().to_ascii_lowercase(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_settings() {
        let text = "\
            # aws_secret_access_key = comment\n\
            region = before any section\n\
            [default]\n\
            aws_access_key_id=AKIA1\n\
            AWS_Secret_Access_Key = a/b+c==#d ; a comment\n\
            s3 =\n  addressing_style = path\n\
            ; another\n\
            no setting\n\
            [ profile  shop ] # a comment\r\n\
            region = eu-west-1\r\n\
            [default]\n\
            region = us-east-2\n";
        let wanted = |name: &'static str| move |title: &str| title.split_whitespace().eq(name.split(' '));
        let of = |name| section(text, wanted(name));
        let pair = |name: &str, value| (name.to_owned(), value);
        assert_eq!(
            of("default").unwrap(),
            [
                pair("aws_access_key_id", "AKIA1"),
                pair("aws_secret_access_key", "a/b+c==#d"),
                pair("s3", ""),
                pair("region", "us-east-2"),
            ]
        );
        assert_eq!(of("profile shop").unwrap(), [pair("region", "eu-west-1")]);
        assert_eq!(of("shop"), None);
    }
}
