/**
 * Unpacks the `wanted` paths of a .tar.gz archive (`folder/name`) into a folder, without their first folder.
 * Links, devices and every other path are skipped. The archive's hash should have been checked before.
 */
export async function unpack(archive: string, into: string, names: readonly string[]): Promise<void> {
  const { extract } = await import("tar"); // for the one command in hundreds that unpacks
  await extract({
    file: archive,
    cwd: into,
    strip: 1,
    strict: true,
    filter: (name, entry) => names.includes(name) && "type" in entry && entry.type === "File",
  });
}
