//! What a helper attribute makes of a method: one of the server's messages, one that it sends itself, or a hook of its life.

/// What a method is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Message(Message),
    Own(Own),
    Hook(Hook),
}

/// A sort of message: the methods that handle one become variants of an enum, and methods of the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Message {
    Call,
    Cast,
    Info,
}

/// A message that only the server itself has handled: a variant of its infos, without a method of the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Own {
    Continue,
    Every,
}

/// A moment in the life of a server. A server has at most one method for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hook {
    Init,
    Exit,
    Down,
    Timeout,
    Hibernate,
    Terminate,
    FormatStatus,
}

impl Role {
    const ALL: [Self; 12] = [
        Self::Hook(Hook::Init),
        Self::Message(Message::Call),
        Self::Message(Message::Cast),
        Self::Message(Message::Info),
        Self::Own(Own::Continue),
        Self::Own(Own::Every),
        Self::Hook(Hook::Exit),
        Self::Hook(Hook::Down),
        Self::Hook(Hook::Timeout),
        Self::Hook(Hook::Hibernate),
        Self::Hook(Hook::Terminate),
        Self::Hook(Hook::FormatStatus),
    ];

    /// The words of all roles, in the order in which help lists them.
    pub(crate) fn words() -> [&'static str; 12] {
        Self::ALL.map(Self::word)
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// The word of the attribute.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Message(message) => message.word(),
            Self::Own(Own::Continue) => "handle_continue",
            Self::Own(Own::Every) => "every",
            Self::Hook(Hook::Init) => "init",
            Self::Hook(Hook::Exit) => "exit",
            Self::Hook(Hook::Down) => "down",
            Self::Hook(Hook::Timeout) => "timeout",
            Self::Hook(Hook::Hibernate) => "hibernate",
            Self::Hook(Hook::Terminate) => "terminate",
            Self::Hook(Hook::FormatStatus) => "format_status",
        }
    }

    /// Whether somebody waits for what the method returns, or sends by `ReplyTo`.
    pub(crate) const fn has_reply(self) -> bool {
        matches!(self, Self::Message(Message::Call))
    }
}

impl Message {
    pub(crate) const ALL: [Self; 3] = [Self::Call, Self::Cast, Self::Info];

    /// The word of the attribute, and what a message of this sort is called in generated code.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Cast => "cast",
            Self::Info => "info",
        }
    }

    /// What the enum's name ends with, and the associated type of `GenServer` that the enum is.
    pub(crate) const fn type_word(self) -> &'static str {
        match self {
            Self::Call => "Call",
            Self::Cast => "Cast",
            Self::Info => "Info",
        }
    }
}
