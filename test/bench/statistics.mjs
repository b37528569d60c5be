/** By nearest rank: every figure was really measured. */
export function percentile(values, share) {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.ceil(share * ordered.length) - 1] ?? Number.NaN;
}

/** One line a row; the first row is the head. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[column]),
        )
        .join('   '),
    )
    .join('\n');
}

export const milliseconds = (ms) => `${ms.toFixed(1)} ms`;

/** @param {readonly import('./latency.mjs').Sample[]} samples */
export function figures(name, samples) {
  const values = samples.map(({ ms }) => ms);
  const failed = samples.reduce((sum, sample) => sum + sample.failed, 0);
  return [
    name,
    values.length,
    ...[0.5, 0.95, 1].map((share) => milliseconds(percentile(values, share))),
    failed,
  ];
}
