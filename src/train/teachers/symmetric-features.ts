/** What the vectors of two texts have in common, for a linear head. */

/**
 * `[|u - v|; u * v]` (Tai et al. 2015, arXiv:1503.00075): the same whichever text comes first. What only one of the texts
 * says of a pair is for a head with a layer in between.
 */
export function symmetricFeatures(u: Float32Array, v: Float32Array): Float32Array {
  const size = u.length;
  const features = new Float32Array(2 * size);
  for (let i = 0; i < size; i++) {
    features[i] = Math.abs(u[i] - v[i]);
    features[size + i] = u[i] * v[i];
  }
  return features;
}
