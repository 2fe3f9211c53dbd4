import { tf } from '#tfjs';
import { UserError } from '../errors.js';

let models = 0;

/** The trainable weights of a model by name, in the order in which checkpoints list them. */
export class NamedParameters {
  readonly parameters = new Map<string, tf.Variable>();
  // tfjs wants names that are unique in the process
  private readonly prefix = `model${models++}/`;

  /** Adds a parameter with what `make` gives. If that fails, nothing of the model is left. */
  protected add(name: string, make: () => tf.Tensor): void {
    try {
      const initial = make();
      this.parameters.set(name, tf.variable(initial, true, this.prefix + name));
      initial.dispose();
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  get variables(): tf.Variable[] {
    return [...this.parameters.values()];
  }

  /** Number of weights. */
  get parameterCount(): number {
    return this.variables.reduce((sum, v) => sum + v.size, 0);
  }

  protected parameter<T extends tf.Tensor>(name: string): T {
    return this.parameters.get(name) as unknown as T;
  }

  /**
   * Takes the values of every parameter from a checkpoint's tensors; others are left alone. `file` names
   * the checkpoint in the UserError when one is missing or has another shape.
   */
  load(tensors: StoredTensors, file: string): void {
    for (const [name, variable] of this.parameters) {
      const value = storedTensor(tensors, name, variable.shape, file);
      variable.assign(value);
      value.dispose();
    }
  }

  dispose(): void {
    for (const v of this.variables) v.dispose();
    this.parameters.clear();
  }
}

/** Float32 tensors by name, as checkpoints hold them. */
export type StoredTensors = Record<string, { shape: number[]; data: Float32Array }>;

/** One of them as a tensor; a UserError naming `file` when it is missing or has another shape. */
export function storedTensor(
  tensors: StoredTensors,
  name: string,
  shape: number[],
  file: string,
): tf.Tensor {
  const stored = tensors[name];
  if (!stored || !tf.util.arraysEqual(stored.shape, shape))
    throw new UserError(
      `${file}: tensor "${name}" is ${stored ? `[${stored.shape}]` : 'missing'}, this model needs [${shape}]: the checkpoint belongs to another configuration`,
    );
  return tf.tensor(stored.data, shape);
}
