//! Where a value of `inputs!` ends: at the next comma, unless that is among generic arguments.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::{Token, parse::ParseStream};

/// Keywords that an expression can follow, and a type in the case of `as`.
const BEFORE_EXPRESSIONS: [&str; 7] = ["as", "break", "if", "in", "match", "return", "while"];

/// Takes the tokens of the value.
pub(crate) fn parse(body: ParseStream<'_>) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut position = Position::default();
    while !body.is_empty() && (position.depth > 0 || !body.peek(Token![,])) {
        let Ok(token) = body.parse::<TokenTree>() else { break };
        position.pass(&token);
        tokens.extend([token]);
    }
    tokens
}

/// The state that decides how the next token is read.
#[derive(Default)]
struct Position {
    /// How many `<` of generic arguments are open.
    depth: usize,
    /// Whether the tokens since an `as` can be the path of a type.
    in_cast: bool,
    before: Before,
}

/// The token before.
#[derive(Default, Clone, Copy, PartialEq)]
enum Before {
    /// None, an operator or a keyword: `<` opens generic arguments or a qualified path.
    #[default]
    Operator,
    /// The first character of an operator of several, such as `<<`.
    Joint(char),
    /// The end of an operand: `<` is a comparison.
    Operand,
}

impl Position {
    fn pass(&mut self, token: &TokenTree) {
        match token {
            TokenTree::Punct(punct) => {
                let (sign, joint) = (punct.as_char(), punct.spacing() == Spacing::Joint);
                self.punctuation(sign, joint);
            }
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                self.in_cast |= word == "as";
                let expression_follows = BEFORE_EXPRESSIONS.contains(&word.as_str());
                self.before = if expression_follows { Before::Operator } else { Before::Operand };
            }
            TokenTree::Group(_) | TokenTree::Literal(_) => {
                self.in_cast = false;
                self.before = Before::Operand;
            }
        }
    }

    fn punctuation(&mut self, sign: char, joint: bool) {
        let arrow = matches!(self.before, Before::Joint('-' | '='));
        let closes = sign == '>' && self.depth > 0 && !arrow;
        if sign == '<' && self.opens() {
            self.depth += 1;
            self.before = Before::Operator;
        } else if closes {
            self.depth -= 1;
            self.before = Before::Operand;
        } else if sign == '?' {
            self.before = Before::Operand;
        } else {
            self.before = if joint { Before::Joint(sign) } else { Before::Operator };
        }
        self.in_cast &= sign == ':';
    }

    /// Returns whether a `<` here is no comparison and no part of `<<`.
    fn opens(&self) -> bool {
        self.depth > 0 || self.in_cast || !matches!(self.before, Before::Operand | Before::Joint('<'))
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use syn::{Token, parse::Parser};

    /// Returns how many values the text has.
    fn values(text: &str) -> syn::Result<usize> {
        let split = |body: syn::parse::ParseStream<'_>| {
            let mut count = 0;
            while !body.is_empty() {
                super::parse(body);
                count += 1;
                if !body.is_empty() {
                    body.parse::<Token![,]>()?;
                }
            }
            Ok(count)
        };
        let tokens: TokenStream = text.parse()?;
        split.parse2(tokens)
    }

    #[test]
    fn commas_of_generic_arguments_are_part_of_the_value() {
        for one in [
            "f::<u8, u8>()",
            "f::<Vec<Vec<u8>>, fn(u8) -> u8, u8>(1)",
            "<A as B<u8, u8>>::c()",
            "<<A as B>::C as D<u8, u8>>::E",
            "1 + <A as B<u8, u8>>::C",
            "!<A as B<u8, u8>>::C",
            "a && <A as B<u8, u8>>::C",
            "x as std::collections::HashMap<u8, u8>",
            "x as <A as B<u8, u8>>::C",
            "if <A as B<u8, u8>>::C { 1 } else { 2 }",
            "f::<'a', { 1 < 2 }, u8>(2)",
            "a.collect::<Result<Vec<_>, _>>()?",
        ] {
            assert_eq!(values(one).ok(), Some(1), "{one}");
            assert_eq!(values(&format!("{one}, b")).ok(), Some(2), "{one}");
        }
    }

    #[test]
    fn comparisons_and_shifts_open_nothing() {
        for two in [
            "a < b, c > d",
            "a << b, c >> d",
            "f::<u8>() < 1, b",
            "a? < 1, b",
            "1 <= 2, b",
            "(a) < b, c",
            "x as u8 + 1 < 2, b",
            "A::B < c, d",
            "a => b, c",
            "-1, -2",
        ] {
            assert_eq!(values(two).ok(), Some(2), "{two}");
        }
    }
}
