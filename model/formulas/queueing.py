r"""Waiting for one of many servers.

With $c$ servers, an offered load of $a = \lambda / \mu$ and utilisation $\rho = a / c < 1$:

$$ B(c, a) = \frac{a^c / c!}{\sum_{k \le c} a^k / k!}, \qquad C(c, a) = \frac{B}{1 - \rho (1 - B)}, \qquad
   W_q = \frac{C(c, a)}{c \mu - \lambda} \cdot \frac{C_a^2 + C_s^2}{2} $$

Erlang's formulas for Poisson arrivals and exponential service (Erlang 1917), and the Allen-Cunneen correction for
other coefficients of variation $C_a$, $C_s$ (Kingman 1961 for one server). The sum is $e^a$ times a Poisson
distribution function, so that $c$ need not be whole. Units: times in units of the mean service time unless said
otherwise.
"""

from __future__ import annotations

from model.arrays import Array, log_gamma, namespace, upper_gamma


def erlang_b(servers: Array, load: Array) -> Array:
    """Chance that all servers are busy where nobody waits; elementwise, `servers` > 0, `load` >= 0."""
    xp = namespace(load)
    some = xp.where(load > 0.0, load, 1.0)
    density = xp.exp(servers * xp.log(some) - some - log_gamma(servers + 1.0))
    blocked = density / xp.maximum(upper_gamma(servers + 1.0, some), 1e-300)
    return xp.where(load > 0.0, blocked, 0.0)


def erlang_c(servers: Array, load: Array) -> Array:
    """Chance that an arrival has to wait, elementwise; `load` below `servers`."""
    blocked = erlang_b(servers, load)
    return blocked / (1.0 - load / servers * (1.0 - blocked))


def mean_wait(servers: Array, utilisation: Array, arrival_cv: Array, service_cv: Array) -> Array:
    """Mean wait in mean service times; infinite from a utilisation of one on, and without servers. Elementwise."""
    xp = namespace(utilisation)
    stable = (utilisation < 1.0) & (servers > 0.0)
    c = xp.where(stable, servers, 1.0)
    rho = xp.where(stable, utilisation, 0.0)
    wait = erlang_c(c, rho * c) / (c * (1.0 - rho)) * 0.5 * (arrival_cv * arrival_cv + service_cv * service_cv)
    return xp.where(stable, wait, xp.inf)
