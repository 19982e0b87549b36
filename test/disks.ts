// Mounts test disks: small ones that fill up and read-only ones. Mounting needs privileges.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

const mountable = (() => {
  try {
    // In a namespace that ends with the command, invisible from outside.
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** For a test's `skip`: why it cannot run here, or false. */
export const noDisks = mountable ? false : 'this user may not mount a disk here';

/** Mounts an empty disk of that size in KiB until the test ends. */
export function smallDisk(t: Test, kib: number): string {
  return mounted(t, ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs']);
}

/** Mounts the content of `dir` read-only. */
export function readOnly(t: Test, dir: string): string {
  const path = mounted(t, ['--bind', dir]);
  execFileSync('mount', ['-o', 'remount,bind,ro', path]);
  return path;
}

/** Fills a disk except for a number of bytes; the returned function frees the space. */
export function fill(disk: string, left = 0): () => void {
  const ballast = join(disk, 'ballast');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - left));
  return () => rmSync(ballast);
}

function mounted(t: Test, args: string[]): string {
  const path = mkdtempSync(join(tmpdir(), 'understudy-disk-'));
  execFileSync('mount', [...args, path]);
  t.teardown(() => {
    execFileSync('umount', ['--lazy', path]);
    rmdirSync(path);
  });
  return path;
}
