//! Gauss and Legendre's rules on 0..1.

/// Points and their weights; a rule of `n` points is exact for polynomials up to degree `2 n - 1`.
pub(super) type Rule = Vec<(f64, f64)>;

/// The rules of 1 to `most` points.
pub(super) fn rules(most: usize) -> Vec<Rule> {
    let mut rules = Vec::with_capacity(most);
    let mut roots: Vec<f64> = Vec::new();
    for points in 1..=most {
        // The roots of a Legendre polynomial lie between those of the one before: one in each gap.
        let ends: Vec<f64> = std::iter::once(-1.0).chain(roots.iter().copied()).chain([1.0]).collect();
        roots = ends.windows(2).map(|pair| root(points, pair[0], pair[1])).collect();
        let weight = |x: f64| {
            let slope = legendre(points, x).1;
            // Abramowitz and Stegun 25.4.29, halved for the interval of length 1.
            1.0 / ((1.0 - x * x) * slope * slope)
        };
        rules.push(roots.iter().map(|x| (0.5 + 0.5 * x, weight(*x))).collect());
    }
    rules
}

/// A polynomial's only root in a gap, by halving it.
fn root(degree: usize, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let rises = legendre(degree, high).0 > 0.0;
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if (legendre(degree, middle).0 > 0.0) == rises { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}

/// Legendre's polynomial and its slope, by Bonnet's recursion.
fn legendre(degree: usize, x: f64) -> (f64, f64) {
    let (mut before, mut now) = (1.0, x);
    for step in 2..=degree {
        let step = step as f64;
        (before, now) = (now, ((2.0 * step - 1.0) * x * now - (step - 1.0) * before) / step);
    }
    let slope = degree as f64 * (x * now - before) / (x * x - 1.0);
    (now, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_exact_for_the_powers_they_promise() {
        for (place, rule) in rules(32).iter().enumerate() {
            for power in 0..=(2 * place + 1) {
                let power = i32::try_from(power).unwrap();
                let found: f64 = rule.iter().map(|(point, weight)| weight * point.powi(power)).sum();
                assert!((found - 1.0 / (f64::from(power) + 1.0)).abs() < 1e-13, "{place} {power} {found}");
            }
        }
    }
}
