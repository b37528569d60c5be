import { readFileSync } from 'node:fs';
import { residentMb } from './server-process.mjs';

const INTERVAL_MS = 500;
/** Readings at each end that are compared: ten seconds. */
const END_READINGS = 20;

/**
 * Reads memory and processor time of named processes until stopped. @typedef {{name: string, firstMb: number,
 * lastMb: number, cpuMs: number}} ProcessFigures  memory as the median of the first and of the last ten
 * seconds
 * @param {readonly {name: string, pid: number}[]} processes
 */
export function meterProcesses(processes) {
  const readings = processes.map(() => []);
  const cpuBefore = processes.map(({ pid }) => processorMs(pid));
  const read = () => {
    for (const [index, { pid }] of processes.entries()) readings[index].push(residentMb(pid));
  };
  read();
  const timer = setInterval(read, INTERVAL_MS);
  return {
    /** @returns {ProcessFigures[]} */
    stop() {
      clearInterval(timer);
      return processes.map(({ name, pid }, index) => ({
        name,
        firstMb: median(readings[index].slice(0, END_READINGS)),
        lastMb: median(readings[index].slice(-END_READINGS)),
        cpuMs: processorMs(pid) - cpuBefore[index],
      }));
    },
  };
}

/** User and system time of a process so far; clock ticks are 10 ms on Linux. NaN where there is no /proc. */
export function processorMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function median(values) {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? Number.NaN;
}
