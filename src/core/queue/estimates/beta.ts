/** The Beta distribution: what is believed of a chance after so much for it and so much against it. Pure arithmetic. */

export interface Tally {
  /** Weight of what was seen to happen, and of what was seen not to. */
  readonly yes: number
  readonly no: number
}

export const mean = ({ yes, no }: Tally): number => yes / (yes + no)

/** The chance below which the true one lies with the given confidence. Right to 1e-6. */
export function upperBound(tally: Tally, confidence: number): number {
  let low = 0
  let high = 1
  while (high - low > 1e-6) {
    const middle = (low + high) / 2
    if (below(middle, tally) < confidence) low = middle
    else high = middle
  }
  return high
}

/** The regularized incomplete beta function, by its continued fraction (Numerical Recipes 6.4, Lentz's method). */
function below(x: number, { yes: a, no: b }: Tally): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x))
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const kept = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    result *= d * c
    if (Math.abs(d * c - 1) < 1e-12) break
  }
  return result
}

/** Stirling's series, moved up to where it is exact to 1e-12. */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  for (; z < 10; z += 1) shift += Math.log(z)
  const inverse = 1 / (z * z)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}
