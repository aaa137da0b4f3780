//! Who acts: a visitor, or the program itself on the order of the person at the command line.

/// Who asks or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A visitor without account.
    Anonymous,
    /// The command line, which belongs to the operator.
    System,
}

impl Actor {
    /// How the history names the actor.
    pub fn label(&self) -> &'static str {
        match self {
            Actor::Anonymous => "bezoeker",
            Actor::System => "beheer (opdrachtregel)",
        }
    }
}
