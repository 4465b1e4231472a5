//! A folder as a `.tar.gz` that says neither when nor by whom it was made.

use crate::compress;
use crate::site::Site;
use anyhow::Result;
use std::path::Path;
use tar::{Builder, Header};

/// 1 January 1980, in seconds since 1970, as in the zips: some programs doubt what is older.
const TIME: u64 = 315_532_800;

/// Its files, in the order of their names, below a folder of that name.
pub(super) fn tar_gz(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let mut site = Site::default();
    site.add_folder(folder, "")?;
    let mut tar = Builder::new(Vec::new());
    for (file, content) in &site.files {
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(TIME);
        tar.append_data(&mut header, format!("{name}/{file}"), &content[..])?;
    }
    compress::gzip(&tar.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;
    use tar::Archive;

    #[test]
    fn what_is_unpacked_is_the_folder() {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
        let packed = tar_gz(&samples, "pushbox-site-1.2.3").expect("packed");
        assert_eq!(packed, tar_gz(&samples, "pushbox-site-1.2.3").expect("packed"), "the same bytes");
        let mut site = Site::default();
        site.add_folder(&samples, "pushbox-site-1.2.3/").expect("it is there");
        let mut archive = Archive::new(GzDecoder::new(&packed[..]));
        for file in archive.entries().expect("a tar") {
            let mut file = file.expect("whole");
            let name = file.path().expect("UTF-8").to_string_lossy().into_owned();
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("whole");
            assert_eq!(site.files.remove(&name).as_ref(), Some(&content), "{name}");
            assert_eq!(file.header().mode().expect("a number"), 0o644);
        }
        assert!(site.files.is_empty(), "left out: {:?}", site.files.keys());
    }
}
