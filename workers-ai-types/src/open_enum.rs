//! String enums that keep values they do not know.

/// Defines an enum of strings whose last variant keeps any other string, so that a value added by the service breaks nobody.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A value that this version does not know.
            Other(String),
        }

        impl $name {
            /// Every known value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(other) => other,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(from).map(|text| Self::from(text.as_str()))
            }
        }

        impl $crate::wire::Wire for $name {}
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use crate::{
        chat::{FinishReason, ReasoningEffort},
        embeddings::PoolingMethod,
    };

    #[test]
    fn every_value_is_read_as_it_is_written_and_others_are_kept() {
        for value in FinishReason::ALL {
            assert_eq!(FinishReason::from(value.as_str()), *value);
        }
        for value in ReasoningEffort::ALL {
            assert_eq!(ReasoningEffort::from(value.as_str()), *value);
        }
        for value in PoolingMethod::ALL {
            assert_eq!(PoolingMethod::from(value.as_str()), *value);
        }
        let odd: FinishReason = serde_json::from_str("\"odd\"").expect("a string");
        assert_eq!(odd, FinishReason::Other("odd".to_owned()));
        assert_eq!(serde_json::to_string(&odd).expect("JSON"), "\"odd\"");
    }
}
