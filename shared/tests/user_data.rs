#[test]
fn dump() {
    let mut config = pushbox_shared::config::Config::default();
    config.app = "my_app".into();
    config.repo.url = "https://github.com/usil/foo.git".into();
    let s = pushbox_shared::user_data::script(&config, None);
    std::fs::write("/tmp/wts/default.sh", s).unwrap();
}
