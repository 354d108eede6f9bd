/** The speed of a fine-tuned teacher. */
export function labellingSentence(labelling) {
  const [{ name, labelled, seconds, textsPerSecond }] = labelling.models;
  return `${name}, fine-tuned on sst2, labelled ${labelled.toLocaleString('en')} sentences of it in ${Math.round(seconds)} s: ${textsPerSecond.toFixed(1)} texts a second, two threads.`;
}
