//! Calls that are known as such, though something is wrong with them: so that what calls the client's method makes no second error.

use syn::{FnArg, Pat, ReturnType, Signature};

use crate::code;
use crate::diag::Errors;
use crate::genserver::helpers::Given;
use crate::genserver::role::{Message, Role};
use crate::types;

/// Sees to a method with this role. Whether it is to be left out of the block: nobody knows what its body does with a `ReplyTo` of nothing.
pub(super) fn call(given: &mut Given, signature: &Signature, errors: &mut Errors) -> bool {
    let returns = returns_value(signature);
    if given.call.of_calls && returns {
        given.role = Role::Message(Message::Call);
        given.misnamed = true;
    }
    if given.role.has_reply() && !returns && reply_of_nothing(signature, errors) {
        given.misnamed = true;
        return true;
    }
    false
}

/// Whether something is returned, as far as the signature tells.
fn returns_value(signature: &Signature) -> bool {
    matches!(&signature.output, ReturnType::Type(_, ty) if !types::is_unit(ty))
}

/// Reports a `ReplyTo` without a parameter, if there is one. A type of the user's own may have this name; an argument of it is hardly called
/// `reply`.
fn reply_of_nothing(signature: &Signature, errors: &mut Errors) -> bool {
    let is_reply = |pattern: &Pat| matches!(pattern, Pat::Ident(named) if named.ident == "reply" || named.ident == "_reply");
    let found = signature.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) if is_reply(&typed.pat) => {
            types::is_reply_of_nothing(&typed.ty).then_some(&typed.ty)
        }
        FnArg::Typed(_) | FnArg::Receiver(_) => None,
    });
    if let Some(ty) = found {
        errors.at(
            code::REPLY_TYPE,
            ty,
            "this `ReplyTo` does not say what is replied",
            "write `ReplyTo<R>`, with the type of the reply; a type of your own of this name is written `self::ReplyTo`",
        );
    }
    found.is_some()
}
