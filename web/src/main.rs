//! Starts the page.

fn main() {
    pushbox_web::browser::watch_for_panics();
    pushbox_web::browser::mount::<pushbox_web::app::App>();
}
