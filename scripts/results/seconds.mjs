/** How long a whole run takes. */
export function runSeconds({ seconds }) {
  const total = Object.values(seconds).reduce((sum, stage) => sum + stage, 0);
  return `${total.toFixed(0)} seconds`;
}
