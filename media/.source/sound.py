#!/usr/bin/python3
"""Makes the music: summer.wav, teaser.wav and jingle.wav in the folder given."""

import sys
import wave

import numpy as np

RATE = 44100


def note(midi, secs, soft=1):
    """A plucked string: harmonics that fade the faster the higher they are."""
    t = np.arange(int(RATE * secs)) / RATE
    f = 440 * 2 ** ((midi - 69) / 12)
    y = sum(np.sin(2 * np.pi * f * k * t) * np.exp(-t * (1.6 + 1.5 * k) / soft) / k**1.4 for k in range(1, 8))
    return y * np.minimum(1, t / 0.004) * np.minimum(1, (secs - t) / 0.03)


def pad(midi, secs):
    """A soft tone beneath the others, swelling and fading."""
    t = np.arange(int(RATE * secs)) / RATE
    f = 440 * 2 ** ((midi - 69) / 12)
    y = np.sin(2 * np.pi * f * t) + 0.4 * np.sin(2 * np.pi * f * 1.003 * t)
    return y * np.sin(np.pi * t / secs) ** 0.7


def save(path, secs, events):
    """Mixes events to a stereo file.

    Each has its start, its samples, its loudness, and its place from 0 (left) to 1 (right)."""
    mix = np.zeros((int(RATE * secs), 2))
    for at, y, vol, place in events:
        i = int(at * RATE)
        y = y[: len(mix) - i] * vol
        mix[i : i + len(y)] += np.outer(y, (1 - place, place))
    n = int(0.25 * RATE)
    mix[-n:] *= np.linspace(1, 0, n)[:, None]
    data = (mix / abs(mix).max() * 0.8 * 32767).astype("<i2")
    with wave.open(path, "wb") as w:
        w.setnchannels(2)
        w.setsampwidth(2)
        w.setframerate(RATE)
        w.writeframes(data.tobytes())


out = sys.argv[1]

# the film: chords and a tune
chords = ((60, 64, 67, 71), (57, 60, 64, 67), (53, 57, 60, 64), (55, 59, 62, 64), (60, 64, 67, 72))
ev = []
for n, ch in enumerate(chords):  # a bar each: C maj7, A m7, F maj7, G 6, C
    s = n * 1.0
    ev.append((s, note(ch[0] - 12, 1.4, 1.5), 0.8, 0.5))
    ev += [(s, pad(m, 1.15), 0.10, 0.35 + 0.1 * i) for i, m in enumerate(ch)]
    # broken up, and the last one strummed
    order, gap = ((0, 2, 3, 2), 0.25) if n < 4 else ((0, 1, 2, 3), 0.07)
    for i, k in enumerate(order):
        ev.append((s + i * gap, note(ch[k] + 12, 1.2), 0.45, 0.3 + 0.13 * i))
melody = ((0.5, 79), (0.75, 76), (1.5, 76), (1.75, 72), (2.5, 77), (2.75, 76), (3.25, 74), (3.5, 71), (4, 72))
for at, m in melody:
    ev.append((at, note(m, 1.3), 0.5, 0.6))
save(f"{out}/summer.wav", 5, ev)

# the teaser: a quick tune over a bass
ev = [(i * 0.25, note(m, 0.9), 0.6, 0.5) for i, m in enumerate((72, 76, 79, 76, 81, 79, 76, 79, 84))]
ev += [(i * 0.5, note(m, 1.2, 1.5), 0.7, 0.5) for i, m in enumerate((48, 55, 53, 55, 48))]
save(f"{out}/teaser.wav", 3, ev)

# the three notes before the greeting
save(f"{out}/jingle.wav", 1.3, [(i * 0.13, note(m, 1), 0.5, 0.5) for i, m in enumerate((76, 79, 84))])
