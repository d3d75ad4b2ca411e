r"""Random numbers as a pure function of (seed, run, stream name, day, agent), and of nothing else.

A draw is SplitMix64's finaliser over a counter (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
Generators", OOPSLA 2014):

$$ k = m(m(\text{seed}) + g\,\text{run}), \qquad
   u = m(m(k \oplus h(\text{stream}) + g\,\text{day}) + g\,\text{agent}) / 2^{64} $$

with $g = \lfloor 2^{64}/\varphi \rfloor$ odd and $m$ the 64-bit mixer. So run 17 meets the same shocks whatever the
parameters, the batch, the worker or the engine (common random numbers), adding a stream shifts no other, and one
trajectory can be replayed alone.

`params["draws.key"]` is the trajectory's key, shape `(*batch)`; `params["draws.noise"]` is 1.0, or 0.0 for a run in
which every draw is at its mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from model.arrays import Array, namespace, to_whole

GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def _mix(xp: Any, z: Array) -> Array:
    """SplitMix64's finaliser on `uint64` arrays of at least one dimension (scalars would warn on overflow)."""
    z = (z ^ (z >> _word(xp, 30))) * _word(xp, 0xBF58476D1CE4E5B9)
    z = (z ^ (z >> _word(xp, 27))) * _word(xp, 0x94D049BB133111EB)
    return z ^ (z >> _word(xp, 31))


def _word(xp: Any, value: int) -> Array:
    return xp.asarray([value & _MASK], dtype=xp.uint64)


def stream(name: str) -> int:
    """A stream's 64-bit constant: the first eight bytes of BLAKE2b of its name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def trajectory_key(seed: int, runs: Array) -> Array:
    """The keys of runs (`int64`, shape `(*batch)`) under a seed: `uint64`, same shape."""
    counters = np.asarray(runs, dtype=np.uint64)[..., None]
    seeded = _mix(np, _word(np, seed))
    return _mix(np, seeded + counters * _word(np, GOLDEN))[..., 0]


def uniform(params: Mapping[str, Array], name: str, day: Array, agents: int = 0) -> Array:
    """Uniform on (0, 1]: shape `(*batch)`, or `(*batch, agents)` if `agents` is positive."""
    key = params["draws.key"]
    xp = namespace(key)
    today = xp.astype(xp.asarray(day), xp.uint64)[..., None]
    state = _mix(xp, (key[..., None] ^ _word(xp, stream(name))) + today * _word(xp, GOLDEN))
    state = _mix(xp, state + xp.arange(max(agents, 1), dtype=xp.uint64) * _word(xp, GOLDEN))
    value = (xp.astype(state >> _word(xp, 11), xp.float64) + 0.5) * 2.0**-53
    return value if agents else value[..., 0]


def normal(params: Mapping[str, Array], name: str, day: Array, agents: int = 0) -> Array:
    """Standard normal by Box and Muller from two streams, times the noise switch; shapes as `uniform`."""
    xp = namespace(params["draws.key"])
    radius = xp.sqrt(-2.0 * xp.log(uniform(params, f"{name}/radius", day, agents)))
    drawn = radius * xp.cos(2.0 * np.pi * uniform(params, f"{name}/angle", day, agents))
    return drawn * _noise(params, agents)


def lognormal(params: Mapping[str, Array], name: str, day: Array, sigma: Array, agents: int = 0) -> Array:
    r"""A factor of mean one, $\exp(\sigma z - \sigma^2/2)$; one everywhere without noise. `sigma` is `(*batch)`."""
    xp = namespace(params["draws.key"])
    spread = sigma[..., None] if agents else sigma
    shock = spread * normal(params, name, day, agents)
    return xp.exp(shock - 0.5 * spread * spread * _noise(params, agents))


def chance(params: Mapping[str, Array], name: str, day: Array, probability: Array, agents: int = 0) -> Array:
    """1.0 with the given probability, else 0.0; without noise the probability itself. Shapes as `uniform`."""
    xp = namespace(params["draws.key"])
    noise = _noise(params, agents)
    happened = xp.astype(uniform(params, name, day, agents) < probability, xp.float64)
    return noise * happened + (1.0 - noise) * probability


def happens(params: Mapping[str, Array], name: str, day: Array, probability: Array, agents: int = 0) -> Array:
    """True with the given probability, never without noise: for rare mishaps. Shapes as `uniform`."""
    return (uniform(params, name, day, agents) < probability) & (_noise(params, agents) > 0.0)


def decided(params: Mapping[str, Array], name: str, day: Array, probability: Array, agents: int = 0) -> Array:
    """True with the given probability; without noise where it is the likelier. Shapes as `uniform`."""
    noisy = _noise(params, agents) > 0.0
    return ((uniform(params, name, day, agents) < probability) & noisy) | ((probability > 0.5) & ~noisy)


def between(params: Mapping[str, Array], name: str, day: Array, low: Array, high: Array, agents: int = 0) -> Array:
    """Uniform between two bounds; half-way without noise. Shapes as `uniform`, with which the bounds broadcast."""
    noise = _noise(params, agents)
    drawn = uniform(params, name, day, agents)
    return low + (high - low) * (noise * drawn + (1.0 - noise) * 0.5)


def binomial(
    params: Mapping[str, Array], name: str, day: Array, trials: Array, chance: Array, agents: int = 0
) -> Array:
    """Successes among `trials` (`int64`), by the normal approximation rounded to whole numbers; shapes as `uniform`.

    Mean and variance are right; below some ten expected successes the shape is not.
    """
    xp = namespace(params["draws.key"])
    count = xp.astype(trials, xp.float64)
    spread = xp.sqrt(count * chance * (1.0 - chance))
    drawn = count * chance + spread * normal(params, name, day, agents)
    return to_whole(xp.clip(xp.round(drawn), 0.0, count))


def poisson(params: Mapping[str, Array], name: str, day: Array, mean: Array, most: int) -> Array:
    """A Poisson number as a float, by inversion, at most `most`; the mean without noise. `mean` is `(*batch)`."""
    xp = namespace(params["draws.key"])
    below = uniform(params, name, day)
    term, summed, count = xp.exp(-mean), xp.exp(-mean), 0.0
    for number in range(1, most + 1):
        count = count + xp.astype(below > summed, xp.float64)
        term = term * mean / number
        summed = summed + term
    noise = _noise(params, 0)
    return noise * count + (1.0 - noise) * mean


def _noise(params: Mapping[str, Array], agents: int) -> Array:
    noise = params["draws.noise"]
    return noise[..., None] if agents else noise
