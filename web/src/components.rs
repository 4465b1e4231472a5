//! What the page is made of, one component a file. No logic is here that could be in [`crate::model`].

pub mod code;
pub mod copy_button;
pub mod env_paste;
pub mod field;
pub mod form;
pub mod import;
pub mod link;
pub mod made_download;
pub mod outputs;
pub mod place;
pub mod plan;
pub mod preview;
pub mod problems;
pub mod row;
pub mod rows;
pub mod sample_picker;
pub mod select;
pub mod status;
pub mod steps;
pub mod summary;
pub mod trace;
pub mod tryout;
pub mod tryout_door;
pub mod tryout_input;
pub mod tryout_result;
pub mod undo;
