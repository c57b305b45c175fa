//! Which file systems tell of changes.
#![expect(clippy::disallowed_methods, reason = "a part of the one place that touches the disk")]

use std::fs;
use std::path::Path;

/// File systems whose files others change without the system's knowledge: of other machines, and
/// of the host of a virtual one.
const SILENT: [&str; 12] = [
    "9p",
    "afs",
    "ceph",
    "cifs",
    "drvfs",
    "fakeowner",
    "fuse.grpcfuse",
    "nfs",
    "nfs4",
    "smb3",
    "vboxsf",
    "virtiofs",
];

/// The kind of the file system that a folder is on, where it is one that does not tell what others
/// change.
pub fn silent(folder: &Path) -> Option<String> {
    silent_in(&fs::read_to_string("/proc/self/mounts").ok()?, folder)
}

/// The same of a list of mounts: a line each, of the device, the place, and the kind.
fn silent_in(mounts: &str, folder: &Path) -> Option<String> {
    let place = |line: &str| {
        let mut fields = line.split(' ').skip(1);
        // Blanks in names are written in octal.
        let at = fields.next()?.replace("\\040", " ");
        Some((at, fields.next()?.to_owned()))
    };
    let holds = |(at, _): &(String, String)| folder.starts_with(at);
    // Of two at one place the later one is seen.
    let found = mounts.lines().filter_map(place).filter(holds).max_by_key(|(at, _)| at.len());
    found.map(|(_, kind)| kind).filter(|kind| SILENT.contains(&kind.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_counts() {
        let mounts = "/dev/sda / ext4 rw 0 0\nserver:/a /mnt nfs4 rw 0 0\n\
                      C: /mnt/c\\040drive 9p rw 0 0\ntmpfs /mnt/tmp tmpfs rw 0 0\n";
        let of = |folder: &str| silent_in(mounts, Path::new(folder));
        assert_eq!(of("/srv/a"), None);
        assert_eq!(of("/mnt/team").as_deref(), Some("nfs4"));
        assert_eq!(of("/mnt/c drive/x").as_deref(), Some("9p"));
        assert_eq!(of("/mnt/tmp/x"), None);
        assert_eq!(of("/mntx"), None);
    }
}
