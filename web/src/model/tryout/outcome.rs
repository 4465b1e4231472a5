//! What came of a delivery in a few words: the same at the head of the result and in the list of runs.

use super::trial::Trial;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub tone: Tone,
    pub words: String,
    /// Of the answer; nothing where there is none.
    pub status: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Calm,
    Bad,
}

impl Tone {
    /// As the style calls it.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Calm => "calm",
            Tone::Bad => "bad",
        }
    }
}

impl Outcome {
    pub fn of(trial: &Trial) -> Outcome {
        let Ok(tried) = &trial.outcome else {
            return Outcome { tone: Tone::Bad, words: "The headers cannot be read".into(), status: None };
        };
        let deploys = tried.judgement.changes.iter().find(|change| change.verdict.deploy);
        let status = tried.response.status;
        let (tone, words) = match (deploys, status) {
            (Some(change), _) => (Tone::Good, format!("Deploys {}", change.ref_name)),
            (None, 200) => (Tone::Calm, "Ignored: nothing deploys".into()),
            (None, 401) => (Tone::Bad, "Refused: not authentic".into()),
            (None, _) => (Tone::Bad, "Refused: not a delivery that can be judged".into()),
        };
        Outcome { tone, words, status: Some(status) }
    }
}
