//! Telephone numbers, made unreadable: enough is left to tell two apart, and too little to call one.

/// Shorter runs of digits are codes, not numbers of telephones.
const SHORTEST: usize = 7;

/// A number as `165…34`; `None` of a short one, of which nothing would be left.
pub(super) fn masked(number: &str) -> Option<String> {
    let digits = digits(number);
    let ends = digits.get(..3).zip(digits.get(digits.len().saturating_sub(2)..));
    ends.filter(|_| digits.len() >= SHORTEST).map(|(first, last)| format!("{first}…{last}"))
}

/// A text in which the known numbers, and all that are written with a plus, are made unreadable.
pub(super) fn masked_in(text: &str, known: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars().chain(['\0']) {
        if character.is_ascii_digit() {
            run.push(character);
            continue;
        }
        let is_number = out.ends_with('+') || known.contains(&run);
        out.push_str(&masked(&run).filter(|_| is_number).unwrap_or(run));
        run = String::new();
        out.push(character);
    }
    out.pop();
    out
}

/// The digits of a number, however it is written.
pub(super) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
