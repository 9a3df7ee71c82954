//! Types that several models share. Made by `cargo xtask generate`; change `catalog/corrections` instead.

/// The day that the catalog of this release was retrieved, `YYYY-MM-DD`.
pub const CATALOG_DATE: &str = "2026-11-24";
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`id` is required by `AudioOptionsVoiceId`",
    label = "`.id(…)` was not called"
)]
pub trait AudioOptionsVoiceIdHasId {}
impl AudioOptionsVoiceIdHasId for crate::__private::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`format` is required by `AudioOptions`",
    label = "`.format(…)` was not called"
)]
pub trait AudioOptionsHasFormat {}
impl AudioOptionsHasFormat for crate::__private::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`voice` is required by `AudioOptions`",
    label = "`.voice(…)` was not called"
)]
pub trait AudioOptionsHasVoice {}
impl AudioOptionsHasVoice for crate::__private::Set {}
/// A choice in the input of several models.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub enum AudioOptionsFormat {
    /// `wav`
    Wav,
    /// `aac`
    Aac,
    /// `mp3`
    Mp3,
    /// `flac`
    Flac,
    /// `opus`
    Opus,
    /// `pcm16`
    Pcm16,
}
impl AudioOptionsFormat {
    /// Every value that the catalog knows.
    pub const ALL: [Self; 6usize] = [
        Self::Wav,
        Self::Aac,
        Self::Mp3,
        Self::Flac,
        Self::Opus,
        Self::Pcm16,
    ];
    /// Returns the value as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &'static ::core::primitive::str {
        match self {
            Self::Wav => "wav",
            Self::Aac => "aac",
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Opus => "opus",
            Self::Pcm16 => "pcm16",
        }
    }
}
impl ::core::str::FromStr for AudioOptionsFormat {
    type Err = crate::__private::UnknownVariant;
    fn from_str(
        text: &::core::primitive::str,
    ) -> ::core::result::Result<Self, crate::__private::UnknownVariant> {
        match text {
            "wav" => ::core::result::Result::Ok(Self::Wav),
            "aac" => ::core::result::Result::Ok(Self::Aac),
            "mp3" => ::core::result::Result::Ok(Self::Mp3),
            "flac" => ::core::result::Result::Ok(Self::Flac),
            "opus" => ::core::result::Result::Ok(Self::Opus),
            "pcm16" => ::core::result::Result::Ok(Self::Pcm16),
            other => {
                ::core::result::Result::Err(
                    crate::__private::UnknownVariant::new(
                        "AudioOptionsFormat",
                        other,
                        &["wav", "aac", "mp3", "flac", "opus", "pcm16"],
                    ),
                )
            }
        }
    }
}
impl<'de> crate::__private::Deserialize<'de> for AudioOptionsFormat {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let text = <crate::__private::String as crate::__private::Deserialize>::deserialize(
            from,
        )?;
        ::core::result::Result::map_err(
            ::core::str::FromStr::from_str(&text),
            crate::__private::custom,
        )
    }
}
impl crate::__private::Serialize for AudioOptionsFormat {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl crate::__private::Wire for AudioOptionsFormat {}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct AudioOptionsVoiceId {
    id: ::core::option::Option<crate::__private::String>,
}
impl crate::__private::Object for AudioOptionsVoiceId {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "id", &self.id)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for AudioOptionsVoiceId {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for AudioOptionsVoiceId {}
impl<'de> crate::__private::ReadObject<'de> for AudioOptionsVoiceId {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["id"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut id = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => id = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            id: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "id", id)?,
            ),
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for AudioOptionsVoiceId {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`AudioOptionsVoiceId`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct AudioOptionsVoiceIdBuilder<Id = crate::__private::Unset> {
    input: AudioOptionsVoiceId,
    state: ::core::marker::PhantomData<fn() -> (Id,)>,
}
impl ::core::default::Default for AudioOptionsVoiceIdBuilder {
    fn default() -> Self {
        Self {
            input: AudioOptionsVoiceId {
                id: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Id> AudioOptionsVoiceIdBuilder<Id> {
    /// Identifier of the item.
    ///
    /// String, required.
    pub fn id(
        mut self,
        id: impl ::core::convert::Into<crate::__private::String>,
    ) -> AudioOptionsVoiceIdBuilder<crate::__private::Set> {
        crate::__private::set(&mut self.input.id, ::core::convert::Into::into(id));
        AudioOptionsVoiceIdBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> AudioOptionsVoiceId
    where
        Id: AudioOptionsVoiceIdHasId,
    {
        self.input
    }
}
impl<Id> ::core::convert::From<AudioOptionsVoiceIdBuilder<Id>> for AudioOptionsVoiceId
where
    Id: AudioOptionsVoiceIdHasId,
{
    fn from(builder: AudioOptionsVoiceIdBuilder<Id>) -> Self {
        builder.input
    }
}
impl AudioOptionsVoiceId {
    /// Starts building with every field unset.
    pub fn builder() -> AudioOptionsVoiceIdBuilder {
        <AudioOptionsVoiceIdBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for AudioOptionsVoiceId {
    type Builder = AudioOptionsVoiceIdBuilder;
}
/// A value of one of several types in the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum AudioOptionsVoice {
    /// A string.
    Text(crate::__private::String),
    /// An object.
    Object(AudioOptionsVoiceId),
}
impl crate::__private::Serialize for AudioOptionsVoice {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        match self {
            Self::Text(value) => crate::__private::Serialize::serialize(value, to),
            Self::Object(value) => crate::__private::Serialize::serialize(value, to),
        }
    }
}
impl crate::__private::Wire for AudioOptionsVoice {}
impl<'de> crate::__private::Deserialize<'de> for AudioOptionsVoice {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::Buffered::one_of(
            from,
            &[
                crate::__private::Way::Text,
                crate::__private::Way::Object {
                    required: &["id"],
                    members: &["id"],
                    open: false,
                },
            ],
            |__way, value| match __way {
                0 => crate::__private::Buffered::read_as(value).map(Self::Text),
                _ => crate::__private::Buffered::read_as(value).map(Self::Object),
            },
        )
    }
}
impl ::core::convert::From<crate::__private::String> for AudioOptionsVoice {
    fn from(value: crate::__private::String) -> Self {
        Self::Text(value)
    }
}
impl ::core::convert::From<&::core::primitive::str> for AudioOptionsVoice {
    fn from(value: &::core::primitive::str) -> Self {
        Self::Text(crate::__private::String::from(value))
    }
}
impl ::core::convert::From<&crate::__private::String> for AudioOptionsVoice {
    fn from(value: &crate::__private::String) -> Self {
        Self::Text(crate::__private::String::from(value))
    }
}
impl ::core::convert::From<AudioOptionsVoiceId> for AudioOptionsVoice {
    fn from(value: AudioOptionsVoiceId) -> Self {
        Self::Object(value)
    }
}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct AudioOptions {
    format: ::core::option::Option<AudioOptionsFormat>,
    voice: ::core::option::Option<AudioOptionsVoice>,
}
impl crate::__private::Object for AudioOptions {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "format", &self.format)?;
        crate::__private::Members::member(to, "voice", &self.voice)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for AudioOptions {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for AudioOptions {}
impl<'de> crate::__private::ReadObject<'de> for AudioOptions {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["format", "voice"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut format = ::core::option::Option::None;
        let mut voice = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => format = crate::__private::Reader::value(from)?,
                1usize => voice = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            format: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "format", format)?,
            ),
            voice: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "voice", voice)?,
            ),
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for AudioOptions {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`AudioOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct AudioOptionsBuilder<
    Format = crate::__private::Unset,
    Voice = crate::__private::Unset,
> {
    input: AudioOptions,
    state: ::core::marker::PhantomData<fn() -> (Format, Voice)>,
}
impl ::core::default::Default for AudioOptionsBuilder {
    fn default() -> Self {
        Self {
            input: AudioOptions {
                format: ::core::option::Option::None,
                voice: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Format, Voice> AudioOptionsBuilder<Format, Voice> {
    /// Choice, required.
    pub fn format(
        mut self,
        format: impl ::core::convert::Into<AudioOptionsFormat>,
    ) -> AudioOptionsBuilder<crate::__private::Set, Voice> {
        crate::__private::set(
            &mut self.input.format,
            ::core::convert::Into::into(format),
        );
        AudioOptionsBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// One of several types, required.
    pub fn voice(
        mut self,
        voice: impl ::core::convert::Into<AudioOptionsVoice>,
    ) -> AudioOptionsBuilder<Format, crate::__private::Set> {
        crate::__private::set(&mut self.input.voice, ::core::convert::Into::into(voice));
        AudioOptionsBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> AudioOptions
    where
        Format: AudioOptionsHasFormat,
        Voice: AudioOptionsHasVoice,
    {
        self.input
    }
}
impl<Format, Voice> ::core::convert::From<AudioOptionsBuilder<Format, Voice>>
for AudioOptions
where
    Format: AudioOptionsHasFormat,
    Voice: AudioOptionsHasVoice,
{
    fn from(builder: AudioOptionsBuilder<Format, Voice>) -> Self {
        builder.input
    }
}
impl AudioOptions {
    /// Starts building with every field unset.
    pub fn builder() -> AudioOptionsBuilder {
        <AudioOptionsBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for AudioOptions {
    type Builder = AudioOptionsBuilder;
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`code` is required by `EmbeddedFunction`",
    label = "`.code(…)` was not called"
)]
pub trait EmbeddedFunctionHasCode {}
impl EmbeddedFunctionHasCode for crate::__private::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`name` is required by `EmbeddedFunction`",
    label = "`.name(…)` was not called"
)]
pub trait EmbeddedFunctionHasName {}
impl EmbeddedFunctionHasName for crate::__private::Set {}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct EmbeddedFunction {
    code: ::core::option::Option<crate::__private::String>,
    name: ::core::option::Option<crate::__private::String>,
}
impl crate::__private::Object for EmbeddedFunction {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "code", &self.code)?;
        crate::__private::Members::member(to, "name", &self.name)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for EmbeddedFunction {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for EmbeddedFunction {}
impl<'de> crate::__private::ReadObject<'de> for EmbeddedFunction {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["code", "name"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut code = ::core::option::Option::None;
        let mut name = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => code = crate::__private::Reader::value(from)?,
                1usize => name = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            code: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "code", code)?,
            ),
            name: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "name", name)?,
            ),
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for EmbeddedFunction {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`EmbeddedFunction`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct EmbeddedFunctionBuilder<
    Code = crate::__private::Unset,
    Name = crate::__private::Unset,
> {
    input: EmbeddedFunction,
    state: ::core::marker::PhantomData<fn() -> (Code, Name)>,
}
impl ::core::default::Default for EmbeddedFunctionBuilder {
    fn default() -> Self {
        Self {
            input: EmbeddedFunction {
                code: ::core::option::Option::None,
                name: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Code, Name> EmbeddedFunctionBuilder<Code, Name> {
    /// String, required.
    pub fn code(
        mut self,
        code: impl ::core::convert::Into<crate::__private::String>,
    ) -> EmbeddedFunctionBuilder<crate::__private::Set, Name> {
        crate::__private::set(&mut self.input.code, ::core::convert::Into::into(code));
        EmbeddedFunctionBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// The name.
    ///
    /// String, required.
    pub fn name(
        mut self,
        name: impl ::core::convert::Into<crate::__private::String>,
    ) -> EmbeddedFunctionBuilder<Code, crate::__private::Set> {
        crate::__private::set(&mut self.input.name, ::core::convert::Into::into(name));
        EmbeddedFunctionBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> EmbeddedFunction
    where
        Code: EmbeddedFunctionHasCode,
        Name: EmbeddedFunctionHasName,
    {
        self.input
    }
}
impl<Code, Name> ::core::convert::From<EmbeddedFunctionBuilder<Code, Name>>
for EmbeddedFunction
where
    Code: EmbeddedFunctionHasCode,
    Name: EmbeddedFunctionHasName,
{
    fn from(builder: EmbeddedFunctionBuilder<Code, Name>) -> Self {
        builder.input
    }
}
impl EmbeddedFunction {
    /// Starts building with every field unset.
    pub fn builder() -> EmbeddedFunctionBuilder {
        <EmbeddedFunctionBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for EmbeddedFunction {
    type Builder = EmbeddedFunctionBuilder;
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`name` is required by `FunctionChoiceName`",
    label = "`.name(…)` was not called"
)]
pub trait FunctionChoiceNameHasName {}
impl FunctionChoiceNameHasName for crate::__private::Set {}
/// A choice in the input of several models.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub enum FunctionChoiceKeyword {
    /// `none`
    None,
    /// `auto`
    Auto,
}
impl FunctionChoiceKeyword {
    /// Every value that the catalog knows.
    pub const ALL: [Self; 2usize] = [Self::None, Self::Auto];
    /// Returns the value as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &'static ::core::primitive::str {
        match self {
            Self::None => "none",
            Self::Auto => "auto",
        }
    }
}
impl ::core::str::FromStr for FunctionChoiceKeyword {
    type Err = crate::__private::UnknownVariant;
    fn from_str(
        text: &::core::primitive::str,
    ) -> ::core::result::Result<Self, crate::__private::UnknownVariant> {
        match text {
            "none" => ::core::result::Result::Ok(Self::None),
            "auto" => ::core::result::Result::Ok(Self::Auto),
            other => {
                ::core::result::Result::Err(
                    crate::__private::UnknownVariant::new(
                        "FunctionChoiceKeyword",
                        other,
                        &["none", "auto"],
                    ),
                )
            }
        }
    }
}
impl<'de> crate::__private::Deserialize<'de> for FunctionChoiceKeyword {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let text = <crate::__private::String as crate::__private::Deserialize>::deserialize(
            from,
        )?;
        ::core::result::Result::map_err(
            ::core::str::FromStr::from_str(&text),
            crate::__private::custom,
        )
    }
}
impl crate::__private::Serialize for FunctionChoiceKeyword {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl crate::__private::Wire for FunctionChoiceKeyword {}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct FunctionChoiceName {
    name: ::core::option::Option<crate::__private::String>,
}
impl crate::__private::Object for FunctionChoiceName {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "name", &self.name)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for FunctionChoiceName {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for FunctionChoiceName {}
impl<'de> crate::__private::ReadObject<'de> for FunctionChoiceName {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["name"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut name = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => name = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            name: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "name", name)?,
            ),
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for FunctionChoiceName {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`FunctionChoiceName`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct FunctionChoiceNameBuilder<Name = crate::__private::Unset> {
    input: FunctionChoiceName,
    state: ::core::marker::PhantomData<fn() -> (Name,)>,
}
impl ::core::default::Default for FunctionChoiceNameBuilder {
    fn default() -> Self {
        Self {
            input: FunctionChoiceName {
                name: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Name> FunctionChoiceNameBuilder<Name> {
    /// The name.
    ///
    /// String, required.
    pub fn name(
        mut self,
        name: impl ::core::convert::Into<crate::__private::String>,
    ) -> FunctionChoiceNameBuilder<crate::__private::Set> {
        crate::__private::set(&mut self.input.name, ::core::convert::Into::into(name));
        FunctionChoiceNameBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> FunctionChoiceName
    where
        Name: FunctionChoiceNameHasName,
    {
        self.input
    }
}
impl<Name> ::core::convert::From<FunctionChoiceNameBuilder<Name>> for FunctionChoiceName
where
    Name: FunctionChoiceNameHasName,
{
    fn from(builder: FunctionChoiceNameBuilder<Name>) -> Self {
        builder.input
    }
}
impl FunctionChoiceName {
    /// Starts building with every field unset.
    pub fn builder() -> FunctionChoiceNameBuilder {
        <FunctionChoiceNameBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for FunctionChoiceName {
    type Builder = FunctionChoiceNameBuilder;
}
/// A value of one of several types in the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum FunctionChoice {
    /// An object.
    Known(FunctionChoiceKeyword),
    /// An object.
    Object(FunctionChoiceName),
}
impl crate::__private::Serialize for FunctionChoice {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        match self {
            Self::Known(value) => crate::__private::Serialize::serialize(value, to),
            Self::Object(value) => crate::__private::Serialize::serialize(value, to),
        }
    }
}
impl crate::__private::Wire for FunctionChoice {}
impl<'de> crate::__private::Deserialize<'de> for FunctionChoice {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::Buffered::one_of(
            from,
            &[
                crate::__private::Way::OneOf(&["none", "auto"]),
                crate::__private::Way::Object {
                    required: &["name"],
                    members: &["name"],
                    open: false,
                },
            ],
            |__way, value| match __way {
                0 => crate::__private::Buffered::read_as(value).map(Self::Known),
                _ => crate::__private::Buffered::read_as(value).map(Self::Object),
            },
        )
    }
}
impl ::core::convert::From<FunctionChoiceKeyword> for FunctionChoice {
    fn from(value: FunctionChoiceKeyword) -> Self {
        Self::Known(value)
    }
}
impl ::core::convert::From<FunctionChoiceName> for FunctionChoice {
    fn from(value: FunctionChoiceName) -> Self {
        Self::Object(value)
    }
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`name` is required by `FunctionDefinition`",
    label = "`.name(…)` was not called"
)]
pub trait FunctionDefinitionHasName {}
impl FunctionDefinitionHasName for crate::__private::Set {}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct FunctionDefinition {
    name: ::core::option::Option<crate::__private::String>,
    description: ::core::option::Option<crate::__private::String>,
    parameters: ::core::option::Option<crate::__private::Value>,
    strict: ::core::option::Option<::core::primitive::bool>,
}
impl crate::__private::Object for FunctionDefinition {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "name", &self.name)?;
        crate::__private::Members::member(to, "description", &self.description)?;
        crate::__private::Members::member(to, "parameters", &self.parameters)?;
        crate::__private::Members::member(to, "strict", &self.strict)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for FunctionDefinition {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for FunctionDefinition {}
impl<'de> crate::__private::ReadObject<'de> for FunctionDefinition {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &[
        "name",
        "description",
        "parameters",
        "strict",
    ];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut name = ::core::option::Option::None;
        let mut description = ::core::option::Option::None;
        let mut parameters = ::core::option::Option::None;
        let mut strict = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => name = crate::__private::Reader::value(from)?,
                1usize => description = crate::__private::Reader::value(from)?,
                2usize => parameters = crate::__private::Reader::value(from)?,
                3usize => strict = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            name: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "name", name)?,
            ),
            description,
            parameters,
            strict,
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for FunctionDefinition {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`FunctionDefinition`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct FunctionDefinitionBuilder<Name = crate::__private::Unset> {
    input: FunctionDefinition,
    state: ::core::marker::PhantomData<fn() -> (Name,)>,
}
impl ::core::default::Default for FunctionDefinitionBuilder {
    fn default() -> Self {
        Self {
            input: FunctionDefinition {
                name: ::core::option::Option::None,
                description: ::core::option::Option::None,
                parameters: ::core::option::Option::None,
                strict: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Name> FunctionDefinitionBuilder<Name> {
    /// The name.
    ///
    /// String, required.
    pub fn name(
        mut self,
        name: impl ::core::convert::Into<crate::__private::String>,
    ) -> FunctionDefinitionBuilder<crate::__private::Set> {
        crate::__private::set(&mut self.input.name, ::core::convert::Into::into(name));
        FunctionDefinitionBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// A description.
    ///
    /// String, optional.
    pub fn description(
        mut self,
        description: impl ::core::convert::Into<crate::__private::String>,
    ) -> Self {
        crate::__private::set(
            &mut self.input.description,
            ::core::convert::Into::into(description),
        );
        self
    }
    /// Like [`Self::description`], but does nothing for `None`.
    pub fn maybe_description(
        mut self,
        description: ::core::option::Option<
            impl ::core::convert::Into<crate::__private::String>,
        >,
    ) -> Self {
        crate::__private::maybe(
            &mut self.input.description,
            description,
            ::core::convert::Into::into,
        );
        self
    }
    /// Any JSON object, optional.
    pub fn parameters(
        mut self,
        parameters: impl ::core::convert::Into<crate::__private::Value>,
    ) -> Self {
        crate::__private::set(
            &mut self.input.parameters,
            ::core::convert::Into::into(parameters),
        );
        self
    }
    /// Like [`Self::parameters`], but does nothing for `None`.
    pub fn maybe_parameters(
        mut self,
        parameters: ::core::option::Option<
            impl ::core::convert::Into<crate::__private::Value>,
        >,
    ) -> Self {
        crate::__private::maybe(
            &mut self.input.parameters,
            parameters,
            ::core::convert::Into::into,
        );
        self
    }
    /// Boolean, optional, default false.
    pub fn strict(mut self, strict: ::core::primitive::bool) -> Self {
        self.input.strict = ::core::option::Option::Some(strict);
        self
    }
    /// Like [`Self::strict`], but does nothing for `None`.
    pub fn maybe_strict(
        mut self,
        strict: ::core::option::Option<::core::primitive::bool>,
    ) -> Self {
        crate::__private::maybe_same(&mut self.input.strict, strict);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> FunctionDefinition
    where
        Name: FunctionDefinitionHasName,
    {
        self.input
    }
}
impl<Name> ::core::convert::From<FunctionDefinitionBuilder<Name>> for FunctionDefinition
where
    Name: FunctionDefinitionHasName,
{
    fn from(builder: FunctionDefinitionBuilder<Name>) -> Self {
        builder.input
    }
}
impl FunctionDefinition {
    /// Starts building with every field unset.
    pub fn builder() -> FunctionDefinitionBuilder {
        <FunctionDefinitionBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for FunctionDefinition {
    type Builder = FunctionDefinitionBuilder;
}
/// A part of the output of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct Label {
    /// The label.
    pub label: ::core::option::Option<crate::__private::String>,
    /// The score. Higher is better.
    pub score: ::core::option::Option<::core::primitive::f64>,
}
impl<'de> crate::__private::ReadObject<'de> for Label {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["label", "score"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut label = ::core::option::Option::None;
        let mut score = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => label = crate::__private::Reader::value(from)?,
                1usize => score = crate::__private::Reader::number(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self { label, score })
    }
}
impl<'de> crate::__private::Deserialize<'de> for Label {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
impl crate::__private::Object for Label {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "label", &self.label)?;
        crate::__private::Members::member(to, "score", &self.score)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for Label {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for Label {}
/// A choice in the input of several models.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub enum Modality {
    /// `text`
    Text,
    /// `audio`
    Audio,
}
impl Modality {
    /// Every value that the catalog knows.
    pub const ALL: [Self; 2usize] = [Self::Text, Self::Audio];
    /// Returns the value as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &'static ::core::primitive::str {
        match self {
            Self::Text => "text",
            Self::Audio => "audio",
        }
    }
}
impl ::core::str::FromStr for Modality {
    type Err = crate::__private::UnknownVariant;
    fn from_str(
        text: &::core::primitive::str,
    ) -> ::core::result::Result<Self, crate::__private::UnknownVariant> {
        match text {
            "text" => ::core::result::Result::Ok(Self::Text),
            "audio" => ::core::result::Result::Ok(Self::Audio),
            other => {
                ::core::result::Result::Err(
                    crate::__private::UnknownVariant::new(
                        "Modality",
                        other,
                        &["text", "audio"],
                    ),
                )
            }
        }
    }
}
impl<'de> crate::__private::Deserialize<'de> for Modality {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let text = <crate::__private::String as crate::__private::Deserialize>::deserialize(
            from,
        )?;
        ::core::result::Result::map_err(
            ::core::str::FromStr::from_str(&text),
            crate::__private::custom,
        )
    }
}
impl crate::__private::Serialize for Modality {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl crate::__private::Wire for Modality {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`text` is required by `PredictionContentPart`",
    label = "`.text(…)` was not called"
)]
pub trait PredictionContentPartHasText {}
impl PredictionContentPartHasText for crate::__private::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`content` is required by `Prediction`",
    label = "`.content(…)` was not called"
)]
pub trait PredictionHasContent {}
impl PredictionHasContent for crate::__private::Set {}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct PredictionContentPart {
    text: ::core::option::Option<crate::__private::String>,
}
impl crate::__private::Object for PredictionContentPart {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "type", &"text")?;
        crate::__private::Members::member(to, "text", &self.text)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for PredictionContentPart {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for PredictionContentPart {}
impl<'de> crate::__private::ReadObject<'de> for PredictionContentPart {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["text", "type"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut text = ::core::option::Option::None;
        let mut __constant0 = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => text = crate::__private::Reader::value(from)?,
                1usize => {
                    __constant0 = crate::__private::Reader::constant(
                        from,
                        "type",
                        "text",
                    )?;
                }
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        crate::__private::Reader::required(from, "type", __constant0)?;
        ::core::result::Result::Ok(Self {
            text: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "text", text)?,
            ),
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for PredictionContentPart {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`PredictionContentPart`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct PredictionContentPartBuilder<Text = crate::__private::Unset> {
    input: PredictionContentPart,
    state: ::core::marker::PhantomData<fn() -> (Text,)>,
}
impl ::core::default::Default for PredictionContentPartBuilder {
    fn default() -> Self {
        Self {
            input: PredictionContentPart {
                text: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Text> PredictionContentPartBuilder<Text> {
    /// The text.
    ///
    /// String, required.
    pub fn text(
        mut self,
        text: impl ::core::convert::Into<crate::__private::String>,
    ) -> PredictionContentPartBuilder<crate::__private::Set> {
        crate::__private::set(&mut self.input.text, ::core::convert::Into::into(text));
        PredictionContentPartBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> PredictionContentPart
    where
        Text: PredictionContentPartHasText,
    {
        self.input
    }
}
impl<Text> ::core::convert::From<PredictionContentPartBuilder<Text>>
for PredictionContentPart
where
    Text: PredictionContentPartHasText,
{
    fn from(builder: PredictionContentPartBuilder<Text>) -> Self {
        builder.input
    }
}
impl PredictionContentPart {
    /// Starts building with every field unset.
    pub fn builder() -> PredictionContentPartBuilder {
        <PredictionContentPartBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for PredictionContentPart {
    type Builder = PredictionContentPartBuilder;
}
/// A value of one of several types in the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub enum PredictionContent {
    /// A string.
    Text(crate::__private::String),
    /// A list.
    List(crate::__private::Vec<PredictionContentPart>),
}
impl crate::__private::Serialize for PredictionContent {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        match self {
            Self::Text(value) => crate::__private::Serialize::serialize(value, to),
            Self::List(value) => crate::__private::Serialize::serialize(value, to),
        }
    }
}
impl crate::__private::Wire for PredictionContent {}
impl<'de> crate::__private::Deserialize<'de> for PredictionContent {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::Buffered::one_of(
            from,
            &[crate::__private::Way::Text, crate::__private::Way::List],
            |__way, value| match __way {
                0 => crate::__private::Buffered::read_as(value).map(Self::Text),
                _ => crate::__private::Buffered::read_as(value).map(Self::List),
            },
        )
    }
}
impl ::core::convert::From<crate::__private::String> for PredictionContent {
    fn from(value: crate::__private::String) -> Self {
        Self::Text(value)
    }
}
impl ::core::convert::From<&::core::primitive::str> for PredictionContent {
    fn from(value: &::core::primitive::str) -> Self {
        Self::Text(crate::__private::String::from(value))
    }
}
impl ::core::convert::From<&crate::__private::String> for PredictionContent {
    fn from(value: &crate::__private::String) -> Self {
        Self::Text(crate::__private::String::from(value))
    }
}
impl<
    T: ::core::convert::Into<PredictionContentPart>,
> ::core::convert::From<crate::__private::Vec<T>> for PredictionContent {
    fn from(list: crate::__private::Vec<T>) -> Self {
        Self::List(crate::__private::list(list))
    }
}
impl<
    T: ::core::convert::Into<PredictionContentPart>,
    const N: ::core::primitive::usize,
> ::core::convert::From<[T; N]> for PredictionContent {
    fn from(list: [T; N]) -> Self {
        Self::List(crate::__private::list(list))
    }
}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct Prediction {
    content: ::core::option::Option<PredictionContent>,
}
impl crate::__private::Object for Prediction {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "type", &"content")?;
        crate::__private::Members::member(to, "content", &self.content)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for Prediction {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for Prediction {}
impl<'de> crate::__private::ReadObject<'de> for Prediction {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["content", "type"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut content = ::core::option::Option::None;
        let mut __constant0 = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => content = crate::__private::Reader::value(from)?,
                1usize => {
                    __constant0 = crate::__private::Reader::constant(
                        from,
                        "type",
                        "content",
                    )?;
                }
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        crate::__private::Reader::required(from, "type", __constant0)?;
        ::core::result::Result::Ok(Self {
            content: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "content", content)?,
            ),
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for Prediction {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`Prediction`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct PredictionBuilder<Content = crate::__private::Unset> {
    input: Prediction,
    state: ::core::marker::PhantomData<fn() -> (Content,)>,
}
impl ::core::default::Default for PredictionBuilder {
    fn default() -> Self {
        Self {
            input: Prediction {
                content: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Content> PredictionBuilder<Content> {
    /// The text.
    ///
    /// One of several types, required.
    pub fn content(
        mut self,
        content: impl ::core::convert::Into<PredictionContent>,
    ) -> PredictionBuilder<crate::__private::Set> {
        crate::__private::set(
            &mut self.input.content,
            ::core::convert::Into::into(content),
        );
        PredictionBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> Prediction
    where
        Content: PredictionHasContent,
    {
        self.input
    }
}
impl<Content> ::core::convert::From<PredictionBuilder<Content>> for Prediction
where
    Content: PredictionHasContent,
{
    fn from(builder: PredictionBuilder<Content>) -> Self {
        builder.input
    }
}
impl Prediction {
    /// Starts building with every field unset.
    pub fn builder() -> PredictionBuilder {
        <PredictionBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for Prediction {
    type Builder = PredictionBuilder;
}
/// A part of the output of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct Ranked {
    /// Identifier of the item.
    pub id: ::core::option::Option<::core::primitive::i64>,
    /// The score. Higher is better.
    pub score: ::core::option::Option<::core::primitive::f64>,
}
impl<'de> crate::__private::ReadObject<'de> for Ranked {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["id", "score"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut id = ::core::option::Option::None;
        let mut score = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => id = crate::__private::Reader::integer(from)?,
                1usize => score = crate::__private::Reader::number(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self { id, score })
    }
}
impl<'de> crate::__private::Deserialize<'de> for Ranked {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
impl crate::__private::Object for Ranked {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "id", &self.id)?;
        crate::__private::Members::member(to, "score", &self.score)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for Ranked {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for Ranked {}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct StreamOptions {
    include_obfuscation: ::core::option::Option<::core::primitive::bool>,
    include_usage: ::core::option::Option<::core::primitive::bool>,
}
impl crate::__private::Object for StreamOptions {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(
            to,
            "include_obfuscation",
            &self.include_obfuscation,
        )?;
        crate::__private::Members::member(to, "include_usage", &self.include_usage)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for StreamOptions {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for StreamOptions {}
impl<'de> crate::__private::ReadObject<'de> for StreamOptions {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &[
        "include_obfuscation",
        "include_usage",
    ];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut include_obfuscation = ::core::option::Option::None;
        let mut include_usage = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => include_obfuscation = crate::__private::Reader::value(from)?,
                1usize => include_usage = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            include_obfuscation,
            include_usage,
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for StreamOptions {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`StreamOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct StreamOptionsBuilder {
    input: StreamOptions,
    state: ::core::marker::PhantomData<fn() -> ()>,
}
impl ::core::default::Default for StreamOptionsBuilder {
    fn default() -> Self {
        Self {
            input: StreamOptions {
                include_obfuscation: ::core::option::Option::None,
                include_usage: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl StreamOptionsBuilder {
    /// Boolean, optional.
    pub fn include_obfuscation(
        mut self,
        include_obfuscation: ::core::primitive::bool,
    ) -> Self {
        self.input.include_obfuscation = ::core::option::Option::Some(
            include_obfuscation,
        );
        self
    }
    /// Like [`Self::include_obfuscation`], but does nothing for `None`.
    pub fn maybe_include_obfuscation(
        mut self,
        include_obfuscation: ::core::option::Option<::core::primitive::bool>,
    ) -> Self {
        crate::__private::maybe_same(
            &mut self.input.include_obfuscation,
            include_obfuscation,
        );
        self
    }
    /// Boolean, optional.
    pub fn include_usage(mut self, include_usage: ::core::primitive::bool) -> Self {
        self.input.include_usage = ::core::option::Option::Some(include_usage);
        self
    }
    /// Like [`Self::include_usage`], but does nothing for `None`.
    pub fn maybe_include_usage(
        mut self,
        include_usage: ::core::option::Option<::core::primitive::bool>,
    ) -> Self {
        crate::__private::maybe_same(&mut self.input.include_usage, include_usage);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> StreamOptions {
        self.input
    }
}
impl ::core::convert::From<StreamOptionsBuilder> for StreamOptions {
    fn from(builder: StreamOptionsBuilder) -> Self {
        builder.input
    }
}
impl StreamOptions {
    /// Starts building with every field unset.
    pub fn builder() -> StreamOptionsBuilder {
        <StreamOptionsBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for StreamOptions {
    type Builder = StreamOptionsBuilder;
}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct TemplateOptions {
    clear_thinking: ::core::option::Option<::core::primitive::bool>,
    enable_thinking: ::core::option::Option<::core::primitive::bool>,
}
impl crate::__private::Object for TemplateOptions {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "clear_thinking", &self.clear_thinking)?;
        crate::__private::Members::member(to, "enable_thinking", &self.enable_thinking)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for TemplateOptions {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for TemplateOptions {}
impl<'de> crate::__private::ReadObject<'de> for TemplateOptions {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &[
        "clear_thinking",
        "enable_thinking",
    ];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut clear_thinking = ::core::option::Option::None;
        let mut enable_thinking = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => clear_thinking = crate::__private::Reader::value(from)?,
                1usize => enable_thinking = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            clear_thinking,
            enable_thinking,
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for TemplateOptions {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`TemplateOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct TemplateOptionsBuilder {
    input: TemplateOptions,
    state: ::core::marker::PhantomData<fn() -> ()>,
}
impl ::core::default::Default for TemplateOptionsBuilder {
    fn default() -> Self {
        Self {
            input: TemplateOptions {
                clear_thinking: ::core::option::Option::None,
                enable_thinking: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl TemplateOptionsBuilder {
    /// Removes the reasoning of earlier turns from the conversation.
    ///
    /// Boolean, optional, default false.
    pub fn clear_thinking(mut self, clear_thinking: ::core::primitive::bool) -> Self {
        self.input.clear_thinking = ::core::option::Option::Some(clear_thinking);
        self
    }
    /// Like [`Self::clear_thinking`], but does nothing for `None`.
    pub fn maybe_clear_thinking(
        mut self,
        clear_thinking: ::core::option::Option<::core::primitive::bool>,
    ) -> Self {
        crate::__private::maybe_same(&mut self.input.clear_thinking, clear_thinking);
        self
    }
    /// Lets the model reason before it answers.
    ///
    /// Boolean, optional, default true.
    pub fn enable_thinking(mut self, enable_thinking: ::core::primitive::bool) -> Self {
        self.input.enable_thinking = ::core::option::Option::Some(enable_thinking);
        self
    }
    /// Like [`Self::enable_thinking`], but does nothing for `None`.
    pub fn maybe_enable_thinking(
        mut self,
        enable_thinking: ::core::option::Option<::core::primitive::bool>,
    ) -> Self {
        crate::__private::maybe_same(&mut self.input.enable_thinking, enable_thinking);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> TemplateOptions {
        self.input
    }
}
impl ::core::convert::From<TemplateOptionsBuilder> for TemplateOptions {
    fn from(builder: TemplateOptionsBuilder) -> Self {
        builder.input
    }
}
impl TemplateOptions {
    /// Starts building with every field unset.
    pub fn builder() -> TemplateOptionsBuilder {
        <TemplateOptionsBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for TemplateOptions {
    type Builder = TemplateOptionsBuilder;
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`approximate` is required by `WebSearchOptionsUserLocation`",
    label = "`.approximate(…)` was not called"
)]
pub trait WebSearchOptionsUserLocationHasApproximate {}
impl WebSearchOptionsUserLocationHasApproximate for crate::__private::Set {}
/// A choice in the input of several models.
#[derive(
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::Eq,
    ::core::hash::Hash,
    ::core::fmt::Debug,
    ::core::cmp::PartialEq
)]
pub enum WebSearchOptionsSearchContextSize {
    /// `low`
    Low,
    /// `medium`
    Medium,
    /// `high`
    High,
}
impl WebSearchOptionsSearchContextSize {
    /// Every value that the catalog knows.
    pub const ALL: [Self; 3usize] = [Self::Low, Self::Medium, Self::High];
    /// Returns the value as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &'static ::core::primitive::str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
impl ::core::str::FromStr for WebSearchOptionsSearchContextSize {
    type Err = crate::__private::UnknownVariant;
    fn from_str(
        text: &::core::primitive::str,
    ) -> ::core::result::Result<Self, crate::__private::UnknownVariant> {
        match text {
            "low" => ::core::result::Result::Ok(Self::Low),
            "medium" => ::core::result::Result::Ok(Self::Medium),
            "high" => ::core::result::Result::Ok(Self::High),
            other => {
                ::core::result::Result::Err(
                    crate::__private::UnknownVariant::new(
                        "WebSearchOptionsSearchContextSize",
                        other,
                        &["low", "medium", "high"],
                    ),
                )
            }
        }
    }
}
impl<'de> crate::__private::Deserialize<'de> for WebSearchOptionsSearchContextSize {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        let text = <crate::__private::String as crate::__private::Deserialize>::deserialize(
            from,
        )?;
        ::core::result::Result::map_err(
            ::core::str::FromStr::from_str(&text),
            crate::__private::custom,
        )
    }
}
impl crate::__private::Serialize for WebSearchOptionsSearchContextSize {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl crate::__private::Wire for WebSearchOptionsSearchContextSize {}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct WebSearchOptionsApproximate {
    city: ::core::option::Option<crate::__private::String>,
    country: ::core::option::Option<crate::__private::String>,
    region: ::core::option::Option<crate::__private::String>,
    timezone: ::core::option::Option<crate::__private::String>,
}
impl crate::__private::Object for WebSearchOptionsApproximate {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "city", &self.city)?;
        crate::__private::Members::member(to, "country", &self.country)?;
        crate::__private::Members::member(to, "region", &self.region)?;
        crate::__private::Members::member(to, "timezone", &self.timezone)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for WebSearchOptionsApproximate {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for WebSearchOptionsApproximate {}
impl<'de> crate::__private::ReadObject<'de> for WebSearchOptionsApproximate {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &[
        "city",
        "country",
        "region",
        "timezone",
    ];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut city = ::core::option::Option::None;
        let mut country = ::core::option::Option::None;
        let mut region = ::core::option::Option::None;
        let mut timezone = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => city = crate::__private::Reader::value(from)?,
                1usize => country = crate::__private::Reader::value(from)?,
                2usize => region = crate::__private::Reader::value(from)?,
                3usize => timezone = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            city,
            country,
            region,
            timezone,
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for WebSearchOptionsApproximate {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`WebSearchOptionsApproximate`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct WebSearchOptionsApproximateBuilder {
    input: WebSearchOptionsApproximate,
    state: ::core::marker::PhantomData<fn() -> ()>,
}
impl ::core::default::Default for WebSearchOptionsApproximateBuilder {
    fn default() -> Self {
        Self {
            input: WebSearchOptionsApproximate {
                city: ::core::option::Option::None,
                country: ::core::option::Option::None,
                region: ::core::option::Option::None,
                timezone: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl WebSearchOptionsApproximateBuilder {
    /// String, optional.
    pub fn city(
        mut self,
        city: impl ::core::convert::Into<crate::__private::String>,
    ) -> Self {
        crate::__private::set(&mut self.input.city, ::core::convert::Into::into(city));
        self
    }
    /// Like [`Self::city`], but does nothing for `None`.
    pub fn maybe_city(
        mut self,
        city: ::core::option::Option<
            impl ::core::convert::Into<crate::__private::String>,
        >,
    ) -> Self {
        crate::__private::maybe(&mut self.input.city, city, ::core::convert::Into::into);
        self
    }
    /// String, optional.
    pub fn country(
        mut self,
        country: impl ::core::convert::Into<crate::__private::String>,
    ) -> Self {
        crate::__private::set(
            &mut self.input.country,
            ::core::convert::Into::into(country),
        );
        self
    }
    /// Like [`Self::country`], but does nothing for `None`.
    pub fn maybe_country(
        mut self,
        country: ::core::option::Option<
            impl ::core::convert::Into<crate::__private::String>,
        >,
    ) -> Self {
        crate::__private::maybe(
            &mut self.input.country,
            country,
            ::core::convert::Into::into,
        );
        self
    }
    /// String, optional.
    pub fn region(
        mut self,
        region: impl ::core::convert::Into<crate::__private::String>,
    ) -> Self {
        crate::__private::set(
            &mut self.input.region,
            ::core::convert::Into::into(region),
        );
        self
    }
    /// Like [`Self::region`], but does nothing for `None`.
    pub fn maybe_region(
        mut self,
        region: ::core::option::Option<
            impl ::core::convert::Into<crate::__private::String>,
        >,
    ) -> Self {
        crate::__private::maybe(
            &mut self.input.region,
            region,
            ::core::convert::Into::into,
        );
        self
    }
    /// String, optional.
    pub fn timezone(
        mut self,
        timezone: impl ::core::convert::Into<crate::__private::String>,
    ) -> Self {
        crate::__private::set(
            &mut self.input.timezone,
            ::core::convert::Into::into(timezone),
        );
        self
    }
    /// Like [`Self::timezone`], but does nothing for `None`.
    pub fn maybe_timezone(
        mut self,
        timezone: ::core::option::Option<
            impl ::core::convert::Into<crate::__private::String>,
        >,
    ) -> Self {
        crate::__private::maybe(
            &mut self.input.timezone,
            timezone,
            ::core::convert::Into::into,
        );
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> WebSearchOptionsApproximate {
        self.input
    }
}
impl ::core::convert::From<WebSearchOptionsApproximateBuilder>
for WebSearchOptionsApproximate {
    fn from(builder: WebSearchOptionsApproximateBuilder) -> Self {
        builder.input
    }
}
impl WebSearchOptionsApproximate {
    /// Starts building with every field unset.
    pub fn builder() -> WebSearchOptionsApproximateBuilder {
        <WebSearchOptionsApproximateBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for WebSearchOptionsApproximate {
    type Builder = WebSearchOptionsApproximateBuilder;
}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct WebSearchOptionsUserLocation {
    approximate: ::core::option::Option<WebSearchOptionsApproximate>,
}
impl crate::__private::Object for WebSearchOptionsUserLocation {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "type", &"approximate")?;
        crate::__private::Members::member(to, "approximate", &self.approximate)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for WebSearchOptionsUserLocation {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for WebSearchOptionsUserLocation {}
impl<'de> crate::__private::ReadObject<'de> for WebSearchOptionsUserLocation {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &["approximate", "type"];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut approximate = ::core::option::Option::None;
        let mut __constant0 = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => approximate = crate::__private::Reader::value(from)?,
                1usize => {
                    __constant0 = crate::__private::Reader::constant(
                        from,
                        "type",
                        "approximate",
                    )?;
                }
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        crate::__private::Reader::required(from, "type", __constant0)?;
        ::core::result::Result::Ok(Self {
            approximate: ::core::option::Option::Some(
                crate::__private::Reader::required(from, "approximate", approximate)?,
            ),
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for WebSearchOptionsUserLocation {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`WebSearchOptionsUserLocation`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct WebSearchOptionsUserLocationBuilder<Approximate = crate::__private::Unset> {
    input: WebSearchOptionsUserLocation,
    state: ::core::marker::PhantomData<fn() -> (Approximate,)>,
}
impl ::core::default::Default for WebSearchOptionsUserLocationBuilder {
    fn default() -> Self {
        Self {
            input: WebSearchOptionsUserLocation {
                approximate: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl<Approximate> WebSearchOptionsUserLocationBuilder<Approximate> {
    /// Object, required.
    pub fn approximate(
        mut self,
        approximate: impl ::core::convert::Into<WebSearchOptionsApproximate>,
    ) -> WebSearchOptionsUserLocationBuilder<crate::__private::Set> {
        crate::__private::set(
            &mut self.input.approximate,
            ::core::convert::Into::into(approximate),
        );
        WebSearchOptionsUserLocationBuilder {
            input: self.input,
            state: ::core::marker::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> WebSearchOptionsUserLocation
    where
        Approximate: WebSearchOptionsUserLocationHasApproximate,
    {
        self.input
    }
}
impl<Approximate> ::core::convert::From<WebSearchOptionsUserLocationBuilder<Approximate>>
for WebSearchOptionsUserLocation
where
    Approximate: WebSearchOptionsUserLocationHasApproximate,
{
    fn from(builder: WebSearchOptionsUserLocationBuilder<Approximate>) -> Self {
        builder.input
    }
}
impl WebSearchOptionsUserLocation {
    /// Starts building with every field unset.
    pub fn builder() -> WebSearchOptionsUserLocationBuilder {
        <WebSearchOptionsUserLocationBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for WebSearchOptionsUserLocation {
    type Builder = WebSearchOptionsUserLocationBuilder;
}
/// A part of the input of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct WebSearchOptions {
    search_context_size: ::core::option::Option<WebSearchOptionsSearchContextSize>,
    user_location: ::core::option::Option<WebSearchOptionsUserLocation>,
}
impl crate::__private::Object for WebSearchOptions {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(
            to,
            "search_context_size",
            &self.search_context_size,
        )?;
        crate::__private::Members::member(to, "user_location", &self.user_location)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for WebSearchOptions {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for WebSearchOptions {}
impl<'de> crate::__private::ReadObject<'de> for WebSearchOptions {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &[
        "search_context_size",
        "user_location",
    ];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut search_context_size = ::core::option::Option::None;
        let mut user_location = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => search_context_size = crate::__private::Reader::value(from)?,
                1usize => user_location = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self {
            search_context_size,
            user_location,
        })
    }
}
impl<'de> crate::__private::Deserialize<'de> for WebSearchOptions {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
/// Builder of [`WebSearchOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
pub struct WebSearchOptionsBuilder {
    input: WebSearchOptions,
    state: ::core::marker::PhantomData<fn() -> ()>,
}
impl ::core::default::Default for WebSearchOptionsBuilder {
    fn default() -> Self {
        Self {
            input: WebSearchOptions {
                search_context_size: ::core::option::Option::None,
                user_location: ::core::option::Option::None,
            },
            state: ::core::marker::PhantomData,
        }
    }
}
impl WebSearchOptionsBuilder {
    /// Choice, optional, default "medium".
    pub fn search_context_size(
        mut self,
        search_context_size: impl ::core::convert::Into<
            WebSearchOptionsSearchContextSize,
        >,
    ) -> Self {
        crate::__private::set(
            &mut self.input.search_context_size,
            ::core::convert::Into::into(search_context_size),
        );
        self
    }
    /// Like [`Self::search_context_size`], but does nothing for `None`.
    pub fn maybe_search_context_size(
        mut self,
        search_context_size: ::core::option::Option<
            impl ::core::convert::Into<WebSearchOptionsSearchContextSize>,
        >,
    ) -> Self {
        crate::__private::maybe(
            &mut self.input.search_context_size,
            search_context_size,
            ::core::convert::Into::into,
        );
        self
    }
    /// Object, optional.
    pub fn user_location(
        mut self,
        user_location: impl ::core::convert::Into<WebSearchOptionsUserLocation>,
    ) -> Self {
        crate::__private::set(
            &mut self.input.user_location,
            ::core::convert::Into::into(user_location),
        );
        self
    }
    /// Like [`Self::user_location`], but does nothing for `None`.
    pub fn maybe_user_location(
        mut self,
        user_location: ::core::option::Option<
            impl ::core::convert::Into<WebSearchOptionsUserLocation>,
        >,
    ) -> Self {
        crate::__private::maybe(
            &mut self.input.user_location,
            user_location,
            ::core::convert::Into::into,
        );
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> WebSearchOptions {
        self.input
    }
}
impl ::core::convert::From<WebSearchOptionsBuilder> for WebSearchOptions {
    fn from(builder: WebSearchOptionsBuilder) -> Self {
        builder.input
    }
}
impl WebSearchOptions {
    /// Starts building with every field unset.
    pub fn builder() -> WebSearchOptionsBuilder {
        <WebSearchOptionsBuilder as ::core::default::Default>::default()
    }
}
impl crate::__private::Part for WebSearchOptions {
    type Builder = WebSearchOptionsBuilder;
}
/// A part of the output of several models.
#[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
pub struct Word {
    /// End time, in seconds.
    pub end: ::core::option::Option<::core::primitive::f64>,
    /// Start time, in seconds.
    pub start: ::core::option::Option<::core::primitive::f64>,
    /// The word.
    pub word: ::core::option::Option<crate::__private::String>,
}
impl<'de> crate::__private::ReadObject<'de> for Word {
    const MEMBERS: &'static [&'static ::core::primitive::str] = &[
        "end",
        "start",
        "word",
    ];
    fn read<__R: crate::__private::Reader<'de>>(
        from: &mut __R,
    ) -> ::core::result::Result<Self, __R::Error> {
        let mut end = ::core::option::Option::None;
        let mut start = ::core::option::Option::None;
        let mut word = ::core::option::Option::None;
        while let ::core::option::Option::Some(__at) = crate::__private::Reader::next(
            from,
            <Self as crate::__private::ReadObject<'de>>::MEMBERS,
        )? {
            match __at {
                0usize => end = crate::__private::Reader::number(from)?,
                1usize => start = crate::__private::Reader::number(from)?,
                2usize => word = crate::__private::Reader::value(from)?,
                _ => crate::__private::Reader::skip(from)?,
            }
        }
        ::core::result::Result::Ok(Self { end, start, word })
    }
}
impl<'de> crate::__private::Deserialize<'de> for Word {
    fn deserialize<__D: crate::__private::Deserializer<'de>>(
        from: __D,
    ) -> ::core::result::Result<Self, __D::Error> {
        crate::__private::deserialize(from)
    }
}
impl crate::__private::Object for Word {
    fn members<__W: crate::__private::Members>(
        &self,
        to: &mut __W,
    ) -> ::core::result::Result<(), __W::Error> {
        crate::__private::Members::member(to, "end", &self.end)?;
        crate::__private::Members::member(to, "start", &self.start)?;
        crate::__private::Members::member(to, "word", &self.word)?;
        ::core::result::Result::Ok(())
    }
}
impl crate::__private::Serialize for Word {
    fn serialize<__S: crate::__private::Serializer>(
        &self,
        to: __S,
    ) -> ::core::result::Result<__S::Ok, __S::Error> {
        crate::__private::serialize(self, to)
    }
}
impl crate::__private::Wire for Word {}
