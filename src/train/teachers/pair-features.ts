/** What the vectors of two texts have in common, for a head: `[u; v; |u - v|; u * v]` (Conneau et al. 2017, arXiv:1705.02364). */
export function pairFeatures(u: Float32Array, v: Float32Array): Float32Array {
  const size = u.length;
  const features = new Float32Array(4 * size);
  features.set(u);
  features.set(v, size);
  for (let i = 0; i < size; i++) {
    features[2 * size + i] = Math.abs(u[i] - v[i]);
    features[3 * size + i] = u[i] * v[i];
  }
  return features;
}
