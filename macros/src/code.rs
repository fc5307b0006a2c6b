//! The codes of the rules: what is wrong with a program is told with the page of its rule, `docs/errors/G001.md`.
//!
//! A code stands for a rule, not for a wording. It is stable: one whose rule is gone is not given again. What the compiler says of
//! types in our words has its codes, `T001` and so on, where it is said, in `core`.

use std::fmt;

/// A rule's code.
#[derive(Clone, Copy)]
pub(crate) struct Code(&'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The rule stands above its code, as the title of its page says it.
macro_rules! codes {
    ($(#[doc = $rule:literal] $name:ident = $code:literal;)*) => {
        $(#[doc = $rule] pub(crate) const $name: Code = Code($code);)*

        /// Each code with its rule.
        #[cfg(test)]
        pub(crate) const ALL: &[(Code, &str)] = &[$(($name, $rule)),*];
    };
}

codes! {
    /// `#[genserver]` stands on the impl block with the handlers.
    NOT_AN_IMPL = "G001";
    /// A server is a type of your own, a struct or an enum.
    NOT_A_TYPE = "G002";
    /// A server owns its state.
    SERVER_BORROWS = "G003";
    /// A method is not called like a function that `#[genserver]` generates.
    FUNCTION_CLASH = "G004";
    /// A name that is made of an argument is an expression.
    NAME_IS_TEXT = "G005";
    /// `client` gives the client type a name.
    CLIENT_NAME = "G006";
    /// Only a mailbox with a bound is ever full.
    NEVER_FULL = "G007";
    /// `timeout` and `task` are for calls.
    OPTION_OF_CALLS = "G008";
    /// The options of a handler stand in parentheses, where it has any.
    HANDLER_OPTIONS = "G009";
    /// `#[every]` has a period.
    PERIOD = "G010";
    /// The attribute of a handler is one that there is.
    UNKNOWN_ATTRIBUTE = "G011";
    /// Whether a method is a handler depends on no condition.
    CONDITIONAL_ROLE = "G012";
    /// `#[init]` depends on no condition.
    CONDITIONAL_INIT = "G013";
    /// An argument of a handler depends on no condition.
    CONDITIONAL_ARGUMENT = "G014";
    /// A method has one role.
    TWO_ROLES = "G015";
    /// A server has one method for each moment of its life.
    SECOND_HOOK = "G016";
    /// A handler is a method with a body.
    NOT_A_METHOD = "G017";
    /// A handler borrows the state.
    RECEIVER = "G018";
    /// `#[init]` makes the state.
    INIT = "G019";
    /// A handler is safe, and called as Rust calls.
    QUALIFIERS = "G020";
    /// A handler is not generic.
    GENERIC = "G021";
    /// A handler has one context, which it borrows.
    CONTEXT = "G022";
    /// A call is answered once.
    ANSWERED_ONCE = "G023";
    /// What nobody waits for returns no value.
    NO_REPLY = "G024";
    /// A handler of the server's own life has the arguments of that moment.
    HOOK_ARGUMENTS = "G025";
    /// `#[hibernate]` and `#[format_status]` do not wait.
    HOOK_WAITS = "G026";
    /// `idle` goes with a `#[timeout]` handler.
    IDLE = "G027";
    /// An argument of a handler is owned.
    ARGUMENT_BORROWED = "G028";
    /// Arguments and replies of handlers have one type each.
    ONE_TYPE = "G029";
    /// A reply is owned.
    REPLY_BORROWED = "G030";
    /// A `task` returns the future that gives the reply.
    TASK = "G031";
    /// What is `blocking` runs in a thread, and awaits nothing.
    BLOCKING = "G032";
    /// `part` says how the part is called.
    PART = "G033";
    /// `parts` lists the parts of a server.
    PARTS = "G034";
    /// A part of a server has handlers of messages, and nothing for the whole server.
    OF_THE_WHOLE_SERVER = "G035";
    /// `protocols` lists the protocols of a server.
    PROTOCOLS = "G036";
    /// A parameter of a server's block is in the server's type.
    PARAMETER = "G037";
    /// A `ReplyTo` says what is replied.
    REPLY_TYPE = "G038";

    /// `#[protocol]` stands on a trait.
    NOT_A_TRAIT = "P001";
    /// A protocol has no supertraits.
    SUPERTRAITS = "P002";
    /// A protocol has no lifetimes.
    LIFETIMES = "P003";
    /// A protocol has only methods.
    ONLY_METHODS = "P004";
    /// The methods of a protocol have names of their own.
    METHOD_TWICE = "P005";
    /// `#[call]` and `#[cast]` of a protocol have no options.
    PROTOCOL_OPTIONS = "P006";
    /// A method of a protocol is a call or a cast.
    CALL_OR_CAST = "P007";
    /// A protocol has calls and casts, and no other attributes of handlers.
    NO_OTHER_ROLE = "P008";
    /// A method of a protocol has no body.
    BODY = "P009";
    /// A method of a protocol is not generic.
    GENERIC_METHOD = "P010";
    /// A method of a protocol is not `async`.
    ASYNC_METHOD = "P011";
    /// A method of a protocol is not called like one that each client has.
    RESERVED_NAME = "P012";
    /// A method of a protocol borrows the server.
    METHOD_RECEIVER = "P013";
    /// A cast of a protocol returns nothing.
    CAST_RETURNS = "P014";
    /// Arguments and replies of a protocol are owned.
    PROTOCOL_BORROWS = "P015";
    /// Arguments and replies of a protocol have one type each, which is named.
    NAMED_TYPE = "P016";
    /// A protocol says what is asked and replied, and not how a handler does that.
    OF_A_HANDLER = "P017";
    /// A method of a protocol has nothing in front of it but its attribute.
    PLAIN_METHOD = "P018";

    /// A supervisor is declared by its name, and by its strategy and children in braces.
    DECLARATION = "S001";
    /// An entry of a supervisor is one that there is.
    UNKNOWN_ENTRY = "S002";
    /// An argument of a supervisor has a type.
    ARGUMENT_TYPE = "S003";
    /// A supervisor has a strategy and children.
    INCOMPLETE = "S004";
    /// Each kind of supervisor has its entries.
    OTHER_KIND = "S005";
    /// Children that come and go belong to a dynamic supervisor.
    SIMPLE_ONE_FOR_ONE = "S006";
    /// Children and extra arguments are lists in brackets.
    LIST = "S007";
    /// `extra_arguments` are arguments of the supervisor.
    EXTRA_ARGUMENT = "S008";
    /// An argument of a dynamic supervisor goes to its children.
    ARGUMENT_UNUSED = "S009";
    /// A child is a type, with its arguments, or an expression with a name.
    CHILD = "S010";
    /// A child has a name.
    CHILD_NAME = "S011";
    /// Before the name of a child stands a kind that there is.
    KIND_OF_CHILD = "S012";
    /// Behind `if` and `for` stands `=>` and a child.
    ARROW = "S013";
    /// Behind the name of a child stands what it is.
    NAMED_CHILD = "S014";
    /// Options, entries and names stand in their places.
    MISPLACED = "S015";
    /// A supervisor inside of another has no arguments of its own.
    ARGUMENTS_INSIDE = "S016";
    /// A dynamic supervisor names the types of its children.
    DYNAMIC_TYPES = "S017";
    /// A dynamic supervisor names each type once.
    DYNAMIC_TWICE = "S018";
    /// Between the bars stands a name for the partition's number.
    PARTITION_NUMBER = "S019";
    /// A significant child is transient or temporary.
    SIGNIFICANT_PERMANENT = "S020";
    /// A significant child needs an automatic shutdown.
    SIGNIFICANT_ALONE = "S021";
    /// A supervisor does not stand inside of itself.
    INSIDE_ITSELF = "S022";
    /// A supervisor inside of another does not use what a pattern has bound.
    PATTERN_INSIDE = "S023";
    /// The name of a supervisor is a constant.
    NAME_DEPENDS = "S024";
    /// A child is not called like a function that `supervisor!` generates.
    CHILD_CLASH = "S025";
    /// A name is a child or an argument of the supervisor, not both.
    CHILD_AND_ARGUMENT = "S026";
    /// The children of a supervisor have names of their own.
    CHILD_TWICE = "S027";
    /// An argument of a supervisor is owned.
    SUPERVISOR_ARGUMENT_BORROWED = "S028";
    /// The options of a child are constants.
    OPTION_IS_CONSTANT = "S029";
    /// A supervisor depends on a few conditions.
    MANY_CONDITIONS = "S030";

    /// What stands in a macro is read as Rust reads it.
    UNREADABLE = "V001";
    /// An option is one that there is.
    UNKNOWN_OPTION = "V002";
    /// What is given is given once.
    GIVEN_TWICE = "V003";
    /// Options and entries are separated by commas.
    COMMA = "V004";
    /// An option is written `option = value`, an entry of a supervisor `entry: value`.
    OPTION_FORM = "V005";
    /// A value that is a word is one that there is.
    UNKNOWN_VALUE = "V006";
    /// What is either on or off is `true` or `false`.
    ON_OR_OFF = "V007";
    /// A number is plain, and large enough.
    NUMBER = "V008";
    /// A time has a unit.
    TIME = "V009";
    /// A time is neither negative nor longer than a hundred years.
    TIME_RANGE = "V010";
    /// Nobody waits for no time at all.
    NO_TIME = "V011";
    /// A back-off has a first wait and a longest one.
    BACKOFF = "V012";
    /// `crate` is an absolute path.
    CRATE_PATH = "V013";
}
