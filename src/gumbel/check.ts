/** Argument checks of this room: each returns its value, or throws a RangeError that names it. */

/** A finite number, such as the logit alpha. */
export function finite(name: string, value: number): number {
  if (!Number.isFinite(value))
    throw new RangeError(`${name} must be a finite number, got ${value}`);
  return value;
}

/** A finite number above zero, such as the temperature tau. */
export function positive(name: string, value: number): number {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be a finite number above 0, got ${value}`);
  }
  return value;
}

/** A finite number, zero or above, such as the noise epsilon. */
export function nonNegative(name: string, value: number): number {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be a finite number, 0 or above, got ${value}`);
  }
  return value;
}

/** A number in the closed interval [0, 1], such as a probability or a uniform draw U. */
export function unitInterval(name: string, value: number): number {
  if (!(value >= 0 && value <= 1)) {
    throw new RangeError(`${name} must lie in [0, 1], got ${value}`);
  }
  return value;
}

/** The eps of Proposition 3.1, in the open interval (0, 1/2). */
export function closeness(name: string, value: number): number {
  if (!(value > 0 && value < 0.5)) {
    throw new RangeError(`${name} must lie strictly between 0 and 1/2, got ${value}`);
  }
  return value;
}
