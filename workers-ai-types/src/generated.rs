//! Types that several models share. Made by `cargo xtask generate`; change `catalog/corrections` instead.

use crate::__private as __w;
/// The day that the catalog of this release was retrieved, `YYYY-MM-DD`.
pub const CATALOG_DATE: &str = "2026-11-24";
/// The IDs of the models that take the schema of a response as it is, without a name around it.
#[doc(hidden)]
pub const NATIVE_FORMAT: &[&str] = &[
    "@cf/aisingapore/gemma-sea-lion-v4-27b-it",
    "@cf/deepseek-ai/deepseek-r1-distill-qwen-32b",
    "@cf/google/gemma-3-12b-it",
    "@cf/ibm-granite/granite-4.0-h-micro",
    "@cf/meta/llama-3-8b-instruct",
    "@cf/meta/llama-3.1-8b-instruct",
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    "@cf/meta/llama-4-scout-17b-16e-instruct",
    "@cf/mistralai/mistral-small-3.1-24b-instruct",
    "@cf/openai/gpt-oss-120b",
    "@cf/openai/gpt-oss-20b",
    "@cf/qwen/qwen2.5-coder-32b-instruct",
    "@cf/qwen/qwen3-30b-a3b-fp8",
    "@cf/qwen/qwq-32b",
    "@hf/nousresearch/hermes-2-pro-mistral-7b",
    "@hf/thebloke/deepseek-coder-6.7b-instruct-awq",
];
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`id` is required by `AudioOptionsVoiceId`",
    label = "`.id(…)` was not called"
)]
pub trait AudioOptionsVoiceIdHasId {}
impl AudioOptionsVoiceIdHasId for __w::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`format` is required by `AudioOptions`",
    label = "`.format(…)` was not called"
)]
pub trait AudioOptionsHasFormat {}
impl AudioOptionsHasFormat for __w::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`voice` is required by `AudioOptions`",
    label = "`.voice(…)` was not called"
)]
pub trait AudioOptionsHasVoice {}
impl AudioOptionsHasVoice for __w::Set {}
/// A choice in the input of several models.
#[derive(__w::Clone, __w::Copy, __w::Eq, ::core::hash::Hash, __w::Debug, __w::PartialEq)]
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
    pub fn as_str(&self) -> &'static __w::str {
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
impl __w::fmt::Display for AudioOptionsFormat {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        f.write_str(Self::as_str(self))
    }
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a valid `AudioOptionsFormat`; expected one of `wav`, `aac`, `mp3`, `flac`, `opus`, `pcm16`",
    label = "not a valid `AudioOptionsFormat`",
    note = "write `AudioOptionsFormat::Wav`, or read text with `text.parse::<AudioOptionsFormat>()?`; `maybe_…` takes an `Option`"
)]
pub trait IsAudioOptionsFormat: __w::Into<AudioOptionsFormat> {}
impl IsAudioOptionsFormat for AudioOptionsFormat {}
impl __w::FromStr for AudioOptionsFormat {
    type Err = __w::UnknownVariant;
    fn from_str(text: &__w::str) -> __w::Result<Self, __w::UnknownVariant> {
        match text {
            "wav" => __w::Ok(Self::Wav),
            "aac" => __w::Ok(Self::Aac),
            "mp3" => __w::Ok(Self::Mp3),
            "flac" => __w::Ok(Self::Flac),
            "opus" => __w::Ok(Self::Opus),
            "pcm16" => __w::Ok(Self::Pcm16),
            other => {
                __w::Err(
                    __w::UnknownVariant::new(
                        "AudioOptionsFormat",
                        other,
                        &["wav", "aac", "mp3", "flac", "opus", "pcm16"],
                    ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for AudioOptionsFormat {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        let text = <__w::String as __w::Deserialize>::deserialize(from)?;
        __w::Result::map_err(__w::FromStr::from_str(&text), __w::custom)
    }
}
impl __w::Serialize for AudioOptionsFormat {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl __w::Wire for AudioOptionsFormat {}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct AudioOptionsVoiceId(__w::Fields);
impl __w::Debug for AudioOptionsVoiceId {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "AudioOptionsVoiceId", f)
    }
}
impl __w::Object for AudioOptionsVoiceId {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for AudioOptionsVoiceId {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for AudioOptionsVoiceId {}
impl<'de> __w::ReadObject<'de> for AudioOptionsVoiceId {
    const MEMBERS: &'static [&'static __w::str] = &["id"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut id = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut id),
                _ => from.skip(),
            }?;
        }
        match (id,) {
            (__w::Some(id),) => {
                __w::Ok(
                    Self(__w::Fields::new().read::<__w::String>(0, "id", __w::Some(id))),
                )
            }
            (id,) => __w::Err(from.missing(&[("id", __w::Option::is_none(&id))])),
        }
    }
}
impl<'de> __w::Deserialize<'de> for AudioOptionsVoiceId {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`AudioOptionsVoiceId`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct AudioOptionsVoiceIdBuilder<Id = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Id,)>,
}
impl __w::Default for AudioOptionsVoiceIdBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Id> __w::Debug for AudioOptionsVoiceIdBuilder<Id> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "AudioOptionsVoiceIdBuilder", f)
    }
}
impl<Id> AudioOptionsVoiceIdBuilder<Id> {
    /// Identifier of the item.
    ///
    /// String, required.
    pub fn id(
        mut self,
        id: impl __w::Into<__w::String>,
    ) -> AudioOptionsVoiceIdBuilder<__w::Set> {
        __w::set_into(&mut self.fields, 0, "id", id);
        AudioOptionsVoiceIdBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> AudioOptionsVoiceId
    where
        Id: AudioOptionsVoiceIdHasId,
    {
        AudioOptionsVoiceId(self.fields)
    }
}
impl<Id> __w::From<AudioOptionsVoiceIdBuilder<Id>> for AudioOptionsVoiceId
where
    Id: AudioOptionsVoiceIdHasId,
{
    fn from(builder: AudioOptionsVoiceIdBuilder<Id>) -> Self {
        Self(builder.fields)
    }
}
impl AudioOptionsVoiceId {
    /// Starts building with every field unset.
    pub fn builder() -> AudioOptionsVoiceIdBuilder {
        <AudioOptionsVoiceIdBuilder as __w::Default>::default()
    }
}
impl __w::Part for AudioOptionsVoiceId {
    type Builder = AudioOptionsVoiceIdBuilder;
}
/// A value of one of several types in the input of several models.
#[derive(__w::Clone, __w::Debug, __w::PartialEq)]
pub enum AudioOptionsVoice {
    /// A string.
    Text(__w::String),
    /// An object.
    Object(AudioOptionsVoiceId),
}
impl __w::Serialize for AudioOptionsVoice {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        match self {
            Self::Text(value) => __w::Serialize::serialize(value, to),
            Self::Object(value) => __w::Serialize::serialize(value, to),
        }
    }
}
impl __w::Wire for AudioOptionsVoice {}
impl<'de> __w::Deserialize<'de> for AudioOptionsVoice {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::Buffered::one_of(
            from,
            &[
                __w::Way::Text,
                __w::Way::Object {
                    required: &["id"],
                    members: &["id"],
                    open: false,
                },
            ],
            |__way, value| match __way {
                0 => __w::Buffered::read_as(value).map(Self::Text),
                _ => __w::Buffered::read_as(value).map(Self::Object),
            },
        )
    }
}
impl __w::From<__w::String> for AudioOptionsVoice {
    fn from(value: __w::String) -> Self {
        Self::Text(value)
    }
}
impl __w::From<&__w::str> for AudioOptionsVoice {
    fn from(value: &__w::str) -> Self {
        Self::Text(__w::String::from(value))
    }
}
impl __w::From<&__w::String> for AudioOptionsVoice {
    fn from(value: &__w::String) -> Self {
        Self::Text(__w::String::from(value))
    }
}
impl __w::From<AudioOptionsVoiceId> for AudioOptionsVoice {
    fn from(value: AudioOptionsVoiceId) -> Self {
        Self::Object(value)
    }
}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct AudioOptions(__w::Fields);
impl __w::Debug for AudioOptions {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "AudioOptions", f)
    }
}
impl __w::Object for AudioOptions {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for AudioOptions {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for AudioOptions {}
impl<'de> __w::ReadObject<'de> for AudioOptions {
    const MEMBERS: &'static [&'static __w::str] = &["format", "voice"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut format = __w::None;
        let mut voice = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut format),
                1usize => from.value(&mut voice),
                _ => from.skip(),
            }?;
        }
        match (format, voice) {
            (__w::Some(format), __w::Some(voice)) => {
                __w::Ok(
                    Self(
                        __w::Fields::new()
                            .read::<AudioOptionsFormat>(0, "format", __w::Some(format))
                            .read::<AudioOptionsVoice>(1, "voice", __w::Some(voice)),
                    ),
                )
            }
            (format, voice) => {
                __w::Err(
                    from
                        .missing(
                            &[
                                ("format", __w::Option::is_none(&format)),
                                ("voice", __w::Option::is_none(&voice)),
                            ],
                        ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for AudioOptions {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`AudioOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct AudioOptionsBuilder<Format = __w::Unset, Voice = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Format, Voice)>,
}
impl __w::Default for AudioOptionsBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Format, Voice> __w::Debug for AudioOptionsBuilder<Format, Voice> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "AudioOptionsBuilder", f)
    }
}
impl<Format, Voice> AudioOptionsBuilder<Format, Voice> {
    /// Choice, required.
    pub fn format(
        mut self,
        format: impl IsAudioOptionsFormat,
    ) -> AudioOptionsBuilder<__w::Set, Voice> {
        __w::set_into(&mut self.fields, 0, "format", format);
        AudioOptionsBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// One of several types, required.
    pub fn voice(
        mut self,
        voice: impl __w::Into<AudioOptionsVoice>,
    ) -> AudioOptionsBuilder<Format, __w::Set> {
        __w::set_into(&mut self.fields, 1, "voice", voice);
        AudioOptionsBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> AudioOptions
    where
        Format: AudioOptionsHasFormat,
        Voice: AudioOptionsHasVoice,
    {
        AudioOptions(self.fields)
    }
}
impl<Format, Voice> __w::From<AudioOptionsBuilder<Format, Voice>> for AudioOptions
where
    Format: AudioOptionsHasFormat,
    Voice: AudioOptionsHasVoice,
{
    fn from(builder: AudioOptionsBuilder<Format, Voice>) -> Self {
        Self(builder.fields)
    }
}
impl AudioOptions {
    /// Starts building with every field unset.
    pub fn builder() -> AudioOptionsBuilder {
        <AudioOptionsBuilder as __w::Default>::default()
    }
}
impl __w::Part for AudioOptions {
    type Builder = AudioOptionsBuilder;
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`code` is required by `EmbeddedFunction`",
    label = "`.code(…)` was not called"
)]
pub trait EmbeddedFunctionHasCode {}
impl EmbeddedFunctionHasCode for __w::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`name` is required by `EmbeddedFunction`",
    label = "`.name(…)` was not called"
)]
pub trait EmbeddedFunctionHasName {}
impl EmbeddedFunctionHasName for __w::Set {}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct EmbeddedFunction(__w::Fields);
impl __w::Debug for EmbeddedFunction {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "EmbeddedFunction", f)
    }
}
impl __w::Object for EmbeddedFunction {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for EmbeddedFunction {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for EmbeddedFunction {}
impl<'de> __w::ReadObject<'de> for EmbeddedFunction {
    const MEMBERS: &'static [&'static __w::str] = &["code", "name"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut code = __w::None;
        let mut name = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut code),
                1usize => from.value(&mut name),
                _ => from.skip(),
            }?;
        }
        match (code, name) {
            (__w::Some(code), __w::Some(name)) => {
                __w::Ok(
                    Self(
                        __w::Fields::new()
                            .read::<__w::String>(0, "code", __w::Some(code))
                            .read::<__w::String>(1, "name", __w::Some(name)),
                    ),
                )
            }
            (code, name) => {
                __w::Err(
                    from
                        .missing(
                            &[
                                ("code", __w::Option::is_none(&code)),
                                ("name", __w::Option::is_none(&name)),
                            ],
                        ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for EmbeddedFunction {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`EmbeddedFunction`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct EmbeddedFunctionBuilder<Code = __w::Unset, Name = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Code, Name)>,
}
impl __w::Default for EmbeddedFunctionBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Code, Name> __w::Debug for EmbeddedFunctionBuilder<Code, Name> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "EmbeddedFunctionBuilder", f)
    }
}
impl<Code, Name> EmbeddedFunctionBuilder<Code, Name> {
    /// String, required.
    pub fn code(
        mut self,
        code: impl __w::Into<__w::String>,
    ) -> EmbeddedFunctionBuilder<__w::Set, Name> {
        __w::set_into(&mut self.fields, 0, "code", code);
        EmbeddedFunctionBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// The name.
    ///
    /// String, required.
    pub fn name(
        mut self,
        name: impl __w::Into<__w::String>,
    ) -> EmbeddedFunctionBuilder<Code, __w::Set> {
        __w::set_into(&mut self.fields, 1, "name", name);
        EmbeddedFunctionBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> EmbeddedFunction
    where
        Code: EmbeddedFunctionHasCode,
        Name: EmbeddedFunctionHasName,
    {
        EmbeddedFunction(self.fields)
    }
}
impl<Code, Name> __w::From<EmbeddedFunctionBuilder<Code, Name>> for EmbeddedFunction
where
    Code: EmbeddedFunctionHasCode,
    Name: EmbeddedFunctionHasName,
{
    fn from(builder: EmbeddedFunctionBuilder<Code, Name>) -> Self {
        Self(builder.fields)
    }
}
impl EmbeddedFunction {
    /// Starts building with every field unset.
    pub fn builder() -> EmbeddedFunctionBuilder {
        <EmbeddedFunctionBuilder as __w::Default>::default()
    }
}
impl __w::Part for EmbeddedFunction {
    type Builder = EmbeddedFunctionBuilder;
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`name` is required by `FunctionChoiceName`",
    label = "`.name(…)` was not called"
)]
pub trait FunctionChoiceNameHasName {}
impl FunctionChoiceNameHasName for __w::Set {}
/// A choice in the input of several models.
#[derive(__w::Clone, __w::Copy, __w::Eq, ::core::hash::Hash, __w::Debug, __w::PartialEq)]
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
    pub fn as_str(&self) -> &'static __w::str {
        match self {
            Self::None => "none",
            Self::Auto => "auto",
        }
    }
}
impl __w::fmt::Display for FunctionChoiceKeyword {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        f.write_str(Self::as_str(self))
    }
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a valid `FunctionChoiceKeyword`; expected one of `none`, `auto`",
    label = "not a valid `FunctionChoiceKeyword`",
    note = "write `FunctionChoiceKeyword::None`, or read text with `text.parse::<FunctionChoiceKeyword>()?`; `maybe_…` takes an `Option`"
)]
pub trait IsFunctionChoiceKeyword: __w::Into<FunctionChoiceKeyword> {}
impl IsFunctionChoiceKeyword for FunctionChoiceKeyword {}
impl __w::FromStr for FunctionChoiceKeyword {
    type Err = __w::UnknownVariant;
    fn from_str(text: &__w::str) -> __w::Result<Self, __w::UnknownVariant> {
        match text {
            "none" => __w::Ok(Self::None),
            "auto" => __w::Ok(Self::Auto),
            other => {
                __w::Err(
                    __w::UnknownVariant::new(
                        "FunctionChoiceKeyword",
                        other,
                        &["none", "auto"],
                    ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for FunctionChoiceKeyword {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        let text = <__w::String as __w::Deserialize>::deserialize(from)?;
        __w::Result::map_err(__w::FromStr::from_str(&text), __w::custom)
    }
}
impl __w::Serialize for FunctionChoiceKeyword {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl __w::Wire for FunctionChoiceKeyword {}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct FunctionChoiceName(__w::Fields);
impl __w::Debug for FunctionChoiceName {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "FunctionChoiceName", f)
    }
}
impl __w::Object for FunctionChoiceName {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for FunctionChoiceName {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for FunctionChoiceName {}
impl<'de> __w::ReadObject<'de> for FunctionChoiceName {
    const MEMBERS: &'static [&'static __w::str] = &["name"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut name = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut name),
                _ => from.skip(),
            }?;
        }
        match (name,) {
            (__w::Some(name),) => {
                __w::Ok(
                    Self(
                        __w::Fields::new()
                            .read::<__w::String>(0, "name", __w::Some(name)),
                    ),
                )
            }
            (name,) => __w::Err(from.missing(&[("name", __w::Option::is_none(&name))])),
        }
    }
}
impl<'de> __w::Deserialize<'de> for FunctionChoiceName {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`FunctionChoiceName`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct FunctionChoiceNameBuilder<Name = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Name,)>,
}
impl __w::Default for FunctionChoiceNameBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Name> __w::Debug for FunctionChoiceNameBuilder<Name> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "FunctionChoiceNameBuilder", f)
    }
}
impl<Name> FunctionChoiceNameBuilder<Name> {
    /// The name.
    ///
    /// String, required.
    pub fn name(
        mut self,
        name: impl __w::Into<__w::String>,
    ) -> FunctionChoiceNameBuilder<__w::Set> {
        __w::set_into(&mut self.fields, 0, "name", name);
        FunctionChoiceNameBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> FunctionChoiceName
    where
        Name: FunctionChoiceNameHasName,
    {
        FunctionChoiceName(self.fields)
    }
}
impl<Name> __w::From<FunctionChoiceNameBuilder<Name>> for FunctionChoiceName
where
    Name: FunctionChoiceNameHasName,
{
    fn from(builder: FunctionChoiceNameBuilder<Name>) -> Self {
        Self(builder.fields)
    }
}
impl FunctionChoiceName {
    /// Starts building with every field unset.
    pub fn builder() -> FunctionChoiceNameBuilder {
        <FunctionChoiceNameBuilder as __w::Default>::default()
    }
}
impl __w::Part for FunctionChoiceName {
    type Builder = FunctionChoiceNameBuilder;
}
/// A value of one of several types in the input of several models.
#[derive(__w::Clone, __w::Debug, __w::PartialEq)]
pub enum FunctionChoice {
    /// An object.
    Known(FunctionChoiceKeyword),
    /// An object.
    Object(FunctionChoiceName),
}
impl __w::Serialize for FunctionChoice {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        match self {
            Self::Known(value) => __w::Serialize::serialize(value, to),
            Self::Object(value) => __w::Serialize::serialize(value, to),
        }
    }
}
impl __w::Wire for FunctionChoice {}
impl<'de> __w::Deserialize<'de> for FunctionChoice {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::Buffered::one_of(
            from,
            &[
                __w::Way::OneOf(&["none", "auto"]),
                __w::Way::Object {
                    required: &["name"],
                    members: &["name"],
                    open: false,
                },
            ],
            |__way, value| match __way {
                0 => __w::Buffered::read_as(value).map(Self::Known),
                _ => __w::Buffered::read_as(value).map(Self::Object),
            },
        )
    }
}
impl __w::From<FunctionChoiceKeyword> for FunctionChoice {
    fn from(value: FunctionChoiceKeyword) -> Self {
        Self::Known(value)
    }
}
impl __w::From<FunctionChoiceName> for FunctionChoice {
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
impl FunctionDefinitionHasName for __w::Set {}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct FunctionDefinition(__w::Fields);
impl __w::Debug for FunctionDefinition {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "FunctionDefinition", f)
    }
}
impl __w::Object for FunctionDefinition {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for FunctionDefinition {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for FunctionDefinition {}
impl<'de> __w::ReadObject<'de> for FunctionDefinition {
    const MEMBERS: &'static [&'static __w::str] = &[
        "name",
        "description",
        "parameters",
        "strict",
    ];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut name = __w::None;
        let mut description = __w::None;
        let mut parameters = __w::None;
        let mut strict = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut name),
                1usize => from.value(&mut description),
                2usize => from.value(&mut parameters),
                3usize => from.value(&mut strict),
                _ => from.skip(),
            }?;
        }
        match (name,) {
            (__w::Some(name),) => {
                __w::Ok(
                    Self(
                        __w::Fields::new()
                            .read::<__w::String>(0, "name", __w::Some(name))
                            .read::<__w::String>(1, "description", description)
                            .read::<__w::Value>(2, "parameters", parameters)
                            .read::<__w::bool>(3, "strict", strict),
                    ),
                )
            }
            (name,) => __w::Err(from.missing(&[("name", __w::Option::is_none(&name))])),
        }
    }
}
impl<'de> __w::Deserialize<'de> for FunctionDefinition {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`FunctionDefinition`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct FunctionDefinitionBuilder<Name = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Name,)>,
}
impl __w::Default for FunctionDefinitionBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Name> __w::Debug for FunctionDefinitionBuilder<Name> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "FunctionDefinitionBuilder", f)
    }
}
impl<Name> FunctionDefinitionBuilder<Name> {
    /// The name.
    ///
    /// String, required.
    pub fn name(
        mut self,
        name: impl __w::Into<__w::String>,
    ) -> FunctionDefinitionBuilder<__w::Set> {
        __w::set_into(&mut self.fields, 0, "name", name);
        FunctionDefinitionBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// A description.
    ///
    /// String, optional.
    ///
    /// [`Self::maybe_description`] takes an `Option`.
    pub fn description(mut self, description: impl __w::Into<__w::String>) -> Self {
        __w::set_into(&mut self.fields, 1, "description", description);
        self
    }
    /// Like [`Self::description`], but does nothing for `None`.
    pub fn maybe_description(
        mut self,
        description: __w::Option<impl __w::Into<__w::String>>,
    ) -> Self {
        __w::maybe_into(&mut self.fields, 1, "description", description);
        self
    }
    /// Any JSON object, optional.
    ///
    /// [`Self::maybe_parameters`] takes an `Option`.
    pub fn parameters(mut self, parameters: impl __w::Into<__w::Value>) -> Self {
        __w::set_into(&mut self.fields, 2, "parameters", parameters);
        self
    }
    /// Like [`Self::parameters`], but does nothing for `None`.
    pub fn maybe_parameters(
        mut self,
        parameters: __w::Option<impl __w::Into<__w::Value>>,
    ) -> Self {
        __w::maybe_into(&mut self.fields, 2, "parameters", parameters);
        self
    }
    /// Boolean, optional, default false.
    ///
    /// [`Self::maybe_strict`] takes an `Option`.
    pub fn strict(mut self, strict: __w::bool) -> Self {
        __w::set_value(&mut self.fields, 3, "strict", strict);
        self
    }
    /// Like [`Self::strict`], but does nothing for `None`.
    pub fn maybe_strict(mut self, strict: __w::Option<__w::bool>) -> Self {
        __w::maybe_value(&mut self.fields, 3, "strict", strict);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> FunctionDefinition
    where
        Name: FunctionDefinitionHasName,
    {
        FunctionDefinition(self.fields)
    }
}
impl<Name> __w::From<FunctionDefinitionBuilder<Name>> for FunctionDefinition
where
    Name: FunctionDefinitionHasName,
{
    fn from(builder: FunctionDefinitionBuilder<Name>) -> Self {
        Self(builder.fields)
    }
}
impl FunctionDefinition {
    /// Starts building with every field unset.
    pub fn builder() -> FunctionDefinitionBuilder {
        <FunctionDefinitionBuilder as __w::Default>::default()
    }
}
impl __w::Part for FunctionDefinition {
    type Builder = FunctionDefinitionBuilder;
}
/// A part of the output of several models.
#[derive(__w::Clone, __w::Debug, __w::PartialEq)]
pub struct Label {
    /// The label.
    pub label: __w::Option<__w::String>,
    /// The score. Higher is better.
    pub score: __w::Option<__w::f64>,
}
impl<'de> __w::ReadObject<'de> for Label {
    const MEMBERS: &'static [&'static __w::str] = &["label", "score"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut label = __w::None;
        let mut score = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut label),
                1usize => from.number(&mut score),
                _ => from.skip(),
            }?;
        }
        __w::Ok(Self { label, score })
    }
}
impl<'de> __w::Deserialize<'de> for Label {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
impl __w::Object for Label {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        let _ = to.member("label", &self.label).member("score", &self.score);
    }
}
impl __w::Serialize for Label {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for Label {}
/// A choice in the input of several models.
#[derive(__w::Clone, __w::Copy, __w::Eq, ::core::hash::Hash, __w::Debug, __w::PartialEq)]
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
    pub fn as_str(&self) -> &'static __w::str {
        match self {
            Self::Text => "text",
            Self::Audio => "audio",
        }
    }
}
impl __w::fmt::Display for Modality {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        f.write_str(Self::as_str(self))
    }
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a valid `Modality`; expected one of `text`, `audio`",
    label = "not a valid `Modality`",
    note = "write `Modality::Text`, or read text with `text.parse::<Modality>()?`; `maybe_…` takes an `Option`"
)]
pub trait IsModality: __w::Into<Modality> {}
impl IsModality for Modality {}
impl __w::FromStr for Modality {
    type Err = __w::UnknownVariant;
    fn from_str(text: &__w::str) -> __w::Result<Self, __w::UnknownVariant> {
        match text {
            "text" => __w::Ok(Self::Text),
            "audio" => __w::Ok(Self::Audio),
            other => {
                __w::Err(__w::UnknownVariant::new("Modality", other, &["text", "audio"]))
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for Modality {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        let text = <__w::String as __w::Deserialize>::deserialize(from)?;
        __w::Result::map_err(__w::FromStr::from_str(&text), __w::custom)
    }
}
impl __w::Serialize for Modality {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl __w::Wire for Modality {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`text` is required by `PredictionContentPart`",
    label = "`.text(…)` was not called"
)]
pub trait PredictionContentPartHasText {}
impl PredictionContentPartHasText for __w::Set {}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`content` is required by `Prediction`",
    label = "`.content(…)` was not called"
)]
pub trait PredictionHasContent {}
impl PredictionHasContent for __w::Set {}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct PredictionContentPart(__w::Fields);
impl __w::Debug for PredictionContentPart {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "PredictionContentPart", f)
    }
}
impl __w::Object for PredictionContentPart {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        to.extra(__w::Fields::extra(&self.0)).member("type", &"text");
        __w::Fields::write_known(&self.0, to);
    }
}
impl __w::Serialize for PredictionContentPart {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for PredictionContentPart {}
impl<'de> __w::ReadObject<'de> for PredictionContentPart {
    const MEMBERS: &'static [&'static __w::str] = &["text", "type"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut text = __w::None;
        let mut __constant0 = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut text),
                1usize => from.constant("type", "text", &mut __constant0),
                _ => from.skip(),
            }?;
        }
        match (text, __constant0) {
            (__w::Some(text), __w::Some(())) => {
                __w::Ok(
                    Self(
                        __w::Fields::new()
                            .read::<__w::String>(0, "text", __w::Some(text)),
                    ),
                )
            }
            (text, __constant0) => {
                __w::Err(
                    from
                        .missing(
                            &[
                                ("text", __w::Option::is_none(&text)),
                                ("type", __w::Option::is_none(&__constant0)),
                            ],
                        ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for PredictionContentPart {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`PredictionContentPart`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct PredictionContentPartBuilder<Text = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Text,)>,
}
impl __w::Default for PredictionContentPartBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Text> __w::Debug for PredictionContentPartBuilder<Text> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "PredictionContentPartBuilder", f)
    }
}
impl<Text> PredictionContentPartBuilder<Text> {
    /// The text.
    ///
    /// String, required.
    pub fn text(
        mut self,
        text: impl __w::Into<__w::String>,
    ) -> PredictionContentPartBuilder<__w::Set> {
        __w::set_into(&mut self.fields, 0, "text", text);
        PredictionContentPartBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> PredictionContentPart
    where
        Text: PredictionContentPartHasText,
    {
        PredictionContentPart(self.fields)
    }
}
impl<Text> __w::From<PredictionContentPartBuilder<Text>> for PredictionContentPart
where
    Text: PredictionContentPartHasText,
{
    fn from(builder: PredictionContentPartBuilder<Text>) -> Self {
        Self(builder.fields)
    }
}
impl PredictionContentPart {
    /// Starts building with every field unset.
    pub fn builder() -> PredictionContentPartBuilder {
        <PredictionContentPartBuilder as __w::Default>::default()
    }
}
impl __w::Part for PredictionContentPart {
    type Builder = PredictionContentPartBuilder;
}
/// A value of one of several types in the input of several models.
#[derive(__w::Clone, __w::Debug, __w::PartialEq)]
pub enum PredictionContent {
    /// A string.
    Text(__w::String),
    /// A list.
    List(__w::Vec<PredictionContentPart>),
}
impl __w::Serialize for PredictionContent {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        match self {
            Self::Text(value) => __w::Serialize::serialize(value, to),
            Self::List(value) => __w::Serialize::serialize(value, to),
        }
    }
}
impl __w::Wire for PredictionContent {}
impl<'de> __w::Deserialize<'de> for PredictionContent {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::Buffered::one_of(
            from,
            &[__w::Way::Text, __w::Way::List],
            |__way, value| match __way {
                0 => __w::Buffered::read_as(value).map(Self::Text),
                _ => __w::Buffered::read_as(value).map(Self::List),
            },
        )
    }
}
impl __w::From<__w::String> for PredictionContent {
    fn from(value: __w::String) -> Self {
        Self::Text(value)
    }
}
impl __w::From<&__w::str> for PredictionContent {
    fn from(value: &__w::str) -> Self {
        Self::Text(__w::String::from(value))
    }
}
impl __w::From<&__w::String> for PredictionContent {
    fn from(value: &__w::String) -> Self {
        Self::Text(__w::String::from(value))
    }
}
impl<T: __w::Into<PredictionContentPart>> __w::From<__w::Vec<T>> for PredictionContent {
    fn from(list: __w::Vec<T>) -> Self {
        Self::List(__w::list(list))
    }
}
impl<T: __w::Into<PredictionContentPart>, const N: __w::usize> __w::From<[T; N]>
for PredictionContent {
    fn from(list: [T; N]) -> Self {
        Self::List(__w::list(list))
    }
}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct Prediction(__w::Fields);
impl __w::Debug for Prediction {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "Prediction", f)
    }
}
impl __w::Object for Prediction {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        to.extra(__w::Fields::extra(&self.0)).member("type", &"content");
        __w::Fields::write_known(&self.0, to);
    }
}
impl __w::Serialize for Prediction {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for Prediction {}
impl<'de> __w::ReadObject<'de> for Prediction {
    const MEMBERS: &'static [&'static __w::str] = &["content", "type"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut content = __w::None;
        let mut __constant0 = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut content),
                1usize => from.constant("type", "content", &mut __constant0),
                _ => from.skip(),
            }?;
        }
        match (content, __constant0) {
            (__w::Some(content), __w::Some(())) => {
                __w::Ok(
                    Self(
                        __w::Fields::new()
                            .read::<PredictionContent>(0, "content", __w::Some(content)),
                    ),
                )
            }
            (content, __constant0) => {
                __w::Err(
                    from
                        .missing(
                            &[
                                ("content", __w::Option::is_none(&content)),
                                ("type", __w::Option::is_none(&__constant0)),
                            ],
                        ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for Prediction {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`Prediction`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct PredictionBuilder<Content = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Content,)>,
}
impl __w::Default for PredictionBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Content> __w::Debug for PredictionBuilder<Content> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "PredictionBuilder", f)
    }
}
impl<Content> PredictionBuilder<Content> {
    /// The text.
    ///
    /// One of several types, required.
    pub fn content(
        mut self,
        content: impl __w::Into<PredictionContent>,
    ) -> PredictionBuilder<__w::Set> {
        __w::set_into(&mut self.fields, 0, "content", content);
        PredictionBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> Prediction
    where
        Content: PredictionHasContent,
    {
        Prediction(self.fields)
    }
}
impl<Content> __w::From<PredictionBuilder<Content>> for Prediction
where
    Content: PredictionHasContent,
{
    fn from(builder: PredictionBuilder<Content>) -> Self {
        Self(builder.fields)
    }
}
impl Prediction {
    /// Starts building with every field unset.
    pub fn builder() -> PredictionBuilder {
        <PredictionBuilder as __w::Default>::default()
    }
}
impl __w::Part for Prediction {
    type Builder = PredictionBuilder;
}
/// A part of the output of several models.
#[derive(__w::Clone, __w::Debug, __w::PartialEq)]
pub struct Ranked {
    /// Identifier of the item.
    pub id: __w::Option<__w::i64>,
    /// The score. Higher is better.
    pub score: __w::Option<__w::f64>,
}
impl<'de> __w::ReadObject<'de> for Ranked {
    const MEMBERS: &'static [&'static __w::str] = &["id", "score"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut id = __w::None;
        let mut score = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.integer(&mut id),
                1usize => from.number(&mut score),
                _ => from.skip(),
            }?;
        }
        __w::Ok(Self { id, score })
    }
}
impl<'de> __w::Deserialize<'de> for Ranked {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
impl __w::Object for Ranked {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        let _ = to.member("id", &self.id).member("score", &self.score);
    }
}
impl __w::Serialize for Ranked {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for Ranked {}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct StreamOptions(__w::Fields);
impl __w::Debug for StreamOptions {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "StreamOptions", f)
    }
}
impl __w::Object for StreamOptions {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for StreamOptions {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for StreamOptions {}
impl<'de> __w::ReadObject<'de> for StreamOptions {
    const MEMBERS: &'static [&'static __w::str] = &[
        "include_obfuscation",
        "include_usage",
    ];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut include_obfuscation = __w::None;
        let mut include_usage = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut include_obfuscation),
                1usize => from.value(&mut include_usage),
                _ => from.skip(),
            }?;
        }
        __w::Ok(
            Self(
                __w::Fields::new()
                    .read::<__w::bool>(0, "include_obfuscation", include_obfuscation)
                    .read::<__w::bool>(1, "include_usage", include_usage),
            ),
        )
    }
}
impl<'de> __w::Deserialize<'de> for StreamOptions {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`StreamOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct StreamOptionsBuilder {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> ()>,
}
impl __w::Default for StreamOptionsBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl __w::Debug for StreamOptionsBuilder {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "StreamOptionsBuilder", f)
    }
}
impl StreamOptionsBuilder {
    /// Boolean, optional.
    ///
    /// [`Self::maybe_include_obfuscation`] takes an `Option`.
    pub fn include_obfuscation(mut self, include_obfuscation: __w::bool) -> Self {
        __w::set_value(&mut self.fields, 0, "include_obfuscation", include_obfuscation);
        self
    }
    /// Like [`Self::include_obfuscation`], but does nothing for `None`.
    pub fn maybe_include_obfuscation(
        mut self,
        include_obfuscation: __w::Option<__w::bool>,
    ) -> Self {
        __w::maybe_value(
            &mut self.fields,
            0,
            "include_obfuscation",
            include_obfuscation,
        );
        self
    }
    /// Boolean, optional.
    ///
    /// [`Self::maybe_include_usage`] takes an `Option`.
    pub fn include_usage(mut self, include_usage: __w::bool) -> Self {
        __w::set_value(&mut self.fields, 1, "include_usage", include_usage);
        self
    }
    /// Like [`Self::include_usage`], but does nothing for `None`.
    pub fn maybe_include_usage(mut self, include_usage: __w::Option<__w::bool>) -> Self {
        __w::maybe_value(&mut self.fields, 1, "include_usage", include_usage);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> StreamOptions {
        StreamOptions(self.fields)
    }
}
impl __w::From<StreamOptionsBuilder> for StreamOptions {
    fn from(builder: StreamOptionsBuilder) -> Self {
        Self(builder.fields)
    }
}
impl StreamOptions {
    /// Starts building with every field unset.
    pub fn builder() -> StreamOptionsBuilder {
        <StreamOptionsBuilder as __w::Default>::default()
    }
}
impl __w::Part for StreamOptions {
    type Builder = StreamOptionsBuilder;
}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct TemplateOptions(__w::Fields);
impl __w::Debug for TemplateOptions {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "TemplateOptions", f)
    }
}
impl __w::Object for TemplateOptions {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for TemplateOptions {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for TemplateOptions {}
impl<'de> __w::ReadObject<'de> for TemplateOptions {
    const MEMBERS: &'static [&'static __w::str] = &["clear_thinking", "enable_thinking"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut clear_thinking = __w::None;
        let mut enable_thinking = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut clear_thinking),
                1usize => from.value(&mut enable_thinking),
                _ => from.skip(),
            }?;
        }
        __w::Ok(
            Self(
                __w::Fields::new()
                    .read::<__w::bool>(0, "clear_thinking", clear_thinking)
                    .read::<__w::bool>(1, "enable_thinking", enable_thinking),
            ),
        )
    }
}
impl<'de> __w::Deserialize<'de> for TemplateOptions {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`TemplateOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct TemplateOptionsBuilder {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> ()>,
}
impl __w::Default for TemplateOptionsBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl __w::Debug for TemplateOptionsBuilder {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "TemplateOptionsBuilder", f)
    }
}
impl TemplateOptionsBuilder {
    /// Removes the reasoning of earlier turns from the conversation.
    ///
    /// Boolean, optional, default false.
    ///
    /// [`Self::maybe_clear_thinking`] takes an `Option`.
    pub fn clear_thinking(mut self, clear_thinking: __w::bool) -> Self {
        __w::set_value(&mut self.fields, 0, "clear_thinking", clear_thinking);
        self
    }
    /// Like [`Self::clear_thinking`], but does nothing for `None`.
    pub fn maybe_clear_thinking(
        mut self,
        clear_thinking: __w::Option<__w::bool>,
    ) -> Self {
        __w::maybe_value(&mut self.fields, 0, "clear_thinking", clear_thinking);
        self
    }
    /// Lets the model reason before it answers.
    ///
    /// Boolean, optional, default true.
    ///
    /// [`Self::maybe_enable_thinking`] takes an `Option`.
    pub fn enable_thinking(mut self, enable_thinking: __w::bool) -> Self {
        __w::set_value(&mut self.fields, 1, "enable_thinking", enable_thinking);
        self
    }
    /// Like [`Self::enable_thinking`], but does nothing for `None`.
    pub fn maybe_enable_thinking(
        mut self,
        enable_thinking: __w::Option<__w::bool>,
    ) -> Self {
        __w::maybe_value(&mut self.fields, 1, "enable_thinking", enable_thinking);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> TemplateOptions {
        TemplateOptions(self.fields)
    }
}
impl __w::From<TemplateOptionsBuilder> for TemplateOptions {
    fn from(builder: TemplateOptionsBuilder) -> Self {
        Self(builder.fields)
    }
}
impl TemplateOptions {
    /// Starts building with every field unset.
    pub fn builder() -> TemplateOptionsBuilder {
        <TemplateOptionsBuilder as __w::Default>::default()
    }
}
impl __w::Part for TemplateOptions {
    type Builder = TemplateOptionsBuilder;
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`approximate` is required by `WebSearchOptionsUserLocation`",
    label = "`.approximate(…)` was not called"
)]
pub trait WebSearchOptionsUserLocationHasApproximate {}
impl WebSearchOptionsUserLocationHasApproximate for __w::Set {}
/// A choice in the input of several models.
#[derive(__w::Clone, __w::Copy, __w::Eq, ::core::hash::Hash, __w::Debug, __w::PartialEq)]
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
    pub fn as_str(&self) -> &'static __w::str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
impl __w::fmt::Display for WebSearchOptionsSearchContextSize {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        f.write_str(Self::as_str(self))
    }
}
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a valid `WebSearchOptionsSearchContextSize`; expected one of `low`, `medium`, `high`",
    label = "not a valid `WebSearchOptionsSearchContextSize`",
    note = "write `WebSearchOptionsSearchContextSize::Low`, or read text with `text.parse::<WebSearchOptionsSearchContextSize>()?`; `maybe_…` takes an `Option`"
)]
pub trait IsWebSearchOptionsSearchContextSize: __w::Into<
        WebSearchOptionsSearchContextSize,
    > {}
impl IsWebSearchOptionsSearchContextSize for WebSearchOptionsSearchContextSize {}
impl __w::FromStr for WebSearchOptionsSearchContextSize {
    type Err = __w::UnknownVariant;
    fn from_str(text: &__w::str) -> __w::Result<Self, __w::UnknownVariant> {
        match text {
            "low" => __w::Ok(Self::Low),
            "medium" => __w::Ok(Self::Medium),
            "high" => __w::Ok(Self::High),
            other => {
                __w::Err(
                    __w::UnknownVariant::new(
                        "WebSearchOptionsSearchContextSize",
                        other,
                        &["low", "medium", "high"],
                    ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for WebSearchOptionsSearchContextSize {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        let text = <__w::String as __w::Deserialize>::deserialize(from)?;
        __w::Result::map_err(__w::FromStr::from_str(&text), __w::custom)
    }
}
impl __w::Serialize for WebSearchOptionsSearchContextSize {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::Serializer::serialize_str(to, Self::as_str(self))
    }
}
impl __w::Wire for WebSearchOptionsSearchContextSize {}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct WebSearchOptionsApproximate(__w::Fields);
impl __w::Debug for WebSearchOptionsApproximate {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "WebSearchOptionsApproximate", f)
    }
}
impl __w::Object for WebSearchOptionsApproximate {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for WebSearchOptionsApproximate {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for WebSearchOptionsApproximate {}
impl<'de> __w::ReadObject<'de> for WebSearchOptionsApproximate {
    const MEMBERS: &'static [&'static __w::str] = &[
        "city",
        "country",
        "region",
        "timezone",
    ];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut city = __w::None;
        let mut country = __w::None;
        let mut region = __w::None;
        let mut timezone = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut city),
                1usize => from.value(&mut country),
                2usize => from.value(&mut region),
                3usize => from.value(&mut timezone),
                _ => from.skip(),
            }?;
        }
        __w::Ok(
            Self(
                __w::Fields::new()
                    .read::<__w::String>(0, "city", city)
                    .read::<__w::String>(1, "country", country)
                    .read::<__w::String>(2, "region", region)
                    .read::<__w::String>(3, "timezone", timezone),
            ),
        )
    }
}
impl<'de> __w::Deserialize<'de> for WebSearchOptionsApproximate {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`WebSearchOptionsApproximate`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct WebSearchOptionsApproximateBuilder {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> ()>,
}
impl __w::Default for WebSearchOptionsApproximateBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl __w::Debug for WebSearchOptionsApproximateBuilder {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "WebSearchOptionsApproximateBuilder", f)
    }
}
impl WebSearchOptionsApproximateBuilder {
    /// String, optional.
    ///
    /// [`Self::maybe_city`] takes an `Option`.
    pub fn city(mut self, city: impl __w::Into<__w::String>) -> Self {
        __w::set_into(&mut self.fields, 0, "city", city);
        self
    }
    /// Like [`Self::city`], but does nothing for `None`.
    pub fn maybe_city(mut self, city: __w::Option<impl __w::Into<__w::String>>) -> Self {
        __w::maybe_into(&mut self.fields, 0, "city", city);
        self
    }
    /// String, optional.
    ///
    /// [`Self::maybe_country`] takes an `Option`.
    pub fn country(mut self, country: impl __w::Into<__w::String>) -> Self {
        __w::set_into(&mut self.fields, 1, "country", country);
        self
    }
    /// Like [`Self::country`], but does nothing for `None`.
    pub fn maybe_country(
        mut self,
        country: __w::Option<impl __w::Into<__w::String>>,
    ) -> Self {
        __w::maybe_into(&mut self.fields, 1, "country", country);
        self
    }
    /// String, optional.
    ///
    /// [`Self::maybe_region`] takes an `Option`.
    pub fn region(mut self, region: impl __w::Into<__w::String>) -> Self {
        __w::set_into(&mut self.fields, 2, "region", region);
        self
    }
    /// Like [`Self::region`], but does nothing for `None`.
    pub fn maybe_region(
        mut self,
        region: __w::Option<impl __w::Into<__w::String>>,
    ) -> Self {
        __w::maybe_into(&mut self.fields, 2, "region", region);
        self
    }
    /// String, optional.
    ///
    /// [`Self::maybe_timezone`] takes an `Option`.
    pub fn timezone(mut self, timezone: impl __w::Into<__w::String>) -> Self {
        __w::set_into(&mut self.fields, 3, "timezone", timezone);
        self
    }
    /// Like [`Self::timezone`], but does nothing for `None`.
    pub fn maybe_timezone(
        mut self,
        timezone: __w::Option<impl __w::Into<__w::String>>,
    ) -> Self {
        __w::maybe_into(&mut self.fields, 3, "timezone", timezone);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> WebSearchOptionsApproximate {
        WebSearchOptionsApproximate(self.fields)
    }
}
impl __w::From<WebSearchOptionsApproximateBuilder> for WebSearchOptionsApproximate {
    fn from(builder: WebSearchOptionsApproximateBuilder) -> Self {
        Self(builder.fields)
    }
}
impl WebSearchOptionsApproximate {
    /// Starts building with every field unset.
    pub fn builder() -> WebSearchOptionsApproximateBuilder {
        <WebSearchOptionsApproximateBuilder as __w::Default>::default()
    }
}
impl __w::Part for WebSearchOptionsApproximate {
    type Builder = WebSearchOptionsApproximateBuilder;
}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct WebSearchOptionsUserLocation(__w::Fields);
impl __w::Debug for WebSearchOptionsUserLocation {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "WebSearchOptionsUserLocation", f)
    }
}
impl __w::Object for WebSearchOptionsUserLocation {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        to.extra(__w::Fields::extra(&self.0)).member("type", &"approximate");
        __w::Fields::write_known(&self.0, to);
    }
}
impl __w::Serialize for WebSearchOptionsUserLocation {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for WebSearchOptionsUserLocation {}
impl<'de> __w::ReadObject<'de> for WebSearchOptionsUserLocation {
    const MEMBERS: &'static [&'static __w::str] = &["approximate", "type"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut approximate = __w::None;
        let mut __constant0 = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut approximate),
                1usize => from.constant("type", "approximate", &mut __constant0),
                _ => from.skip(),
            }?;
        }
        match (approximate, __constant0) {
            (__w::Some(approximate), __w::Some(())) => {
                __w::Ok(
                    Self(
                        __w::Fields::new()
                            .read::<
                                WebSearchOptionsApproximate,
                            >(0, "approximate", __w::Some(approximate)),
                    ),
                )
            }
            (approximate, __constant0) => {
                __w::Err(
                    from
                        .missing(
                            &[
                                ("approximate", __w::Option::is_none(&approximate)),
                                ("type", __w::Option::is_none(&__constant0)),
                            ],
                        ),
                )
            }
        }
    }
}
impl<'de> __w::Deserialize<'de> for WebSearchOptionsUserLocation {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`WebSearchOptionsUserLocation`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct WebSearchOptionsUserLocationBuilder<Approximate = __w::Unset> {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> (Approximate,)>,
}
impl __w::Default for WebSearchOptionsUserLocationBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl<Approximate> __w::Debug for WebSearchOptionsUserLocationBuilder<Approximate> {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "WebSearchOptionsUserLocationBuilder", f)
    }
}
impl<Approximate> WebSearchOptionsUserLocationBuilder<Approximate> {
    /// Object, required.
    pub fn approximate(
        mut self,
        approximate: impl __w::Into<WebSearchOptionsApproximate>,
    ) -> WebSearchOptionsUserLocationBuilder<__w::Set> {
        __w::set_into(&mut self.fields, 0, "approximate", approximate);
        WebSearchOptionsUserLocationBuilder {
            fields: self.fields,
            state: __w::PhantomData,
        }
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> WebSearchOptionsUserLocation
    where
        Approximate: WebSearchOptionsUserLocationHasApproximate,
    {
        WebSearchOptionsUserLocation(self.fields)
    }
}
impl<Approximate> __w::From<WebSearchOptionsUserLocationBuilder<Approximate>>
for WebSearchOptionsUserLocation
where
    Approximate: WebSearchOptionsUserLocationHasApproximate,
{
    fn from(builder: WebSearchOptionsUserLocationBuilder<Approximate>) -> Self {
        Self(builder.fields)
    }
}
impl WebSearchOptionsUserLocation {
    /// Starts building with every field unset.
    pub fn builder() -> WebSearchOptionsUserLocationBuilder {
        <WebSearchOptionsUserLocationBuilder as __w::Default>::default()
    }
}
impl __w::Part for WebSearchOptionsUserLocation {
    type Builder = WebSearchOptionsUserLocationBuilder;
}
/// A part of the input of several models.
#[derive(__w::Clone, __w::PartialEq)]
pub struct WebSearchOptions(__w::Fields);
impl __w::Debug for WebSearchOptions {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.0, "WebSearchOptions", f)
    }
}
impl __w::Object for WebSearchOptions {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        __w::Fields::write(&self.0, to);
    }
}
impl __w::Serialize for WebSearchOptions {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for WebSearchOptions {}
impl<'de> __w::ReadObject<'de> for WebSearchOptions {
    const MEMBERS: &'static [&'static __w::str] = &[
        "search_context_size",
        "user_location",
    ];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut search_context_size = __w::None;
        let mut user_location = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.value(&mut search_context_size),
                1usize => from.value(&mut user_location),
                _ => from.skip(),
            }?;
        }
        __w::Ok(
            Self(
                __w::Fields::new()
                    .read::<
                        WebSearchOptionsSearchContextSize,
                    >(0, "search_context_size", search_context_size)
                    .read::<
                        WebSearchOptionsUserLocation,
                    >(1, "user_location", user_location),
            ),
        )
    }
}
impl<'de> __w::Deserialize<'de> for WebSearchOptions {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
/// Builder of [`WebSearchOptions`].
#[must_use = "a builder does nothing until it is built or sent"]
#[derive(__w::Clone)]
pub struct WebSearchOptionsBuilder {
    fields: __w::Fields,
    state: __w::PhantomData<fn() -> ()>,
}
impl __w::Default for WebSearchOptionsBuilder {
    fn default() -> Self {
        Self {
            fields: __w::Fields::new(),
            state: __w::PhantomData,
        }
    }
}
impl __w::Debug for WebSearchOptionsBuilder {
    fn fmt(&self, f: &mut __w::fmt::Formatter<'_>) -> __w::fmt::Result {
        __w::Fields::debug(&self.fields, "WebSearchOptionsBuilder", f)
    }
}
impl WebSearchOptionsBuilder {
    /// Choice, optional, default "medium".
    ///
    /// [`Self::maybe_search_context_size`] takes an `Option`.
    pub fn search_context_size(
        mut self,
        search_context_size: impl IsWebSearchOptionsSearchContextSize,
    ) -> Self {
        __w::set_into(&mut self.fields, 0, "search_context_size", search_context_size);
        self
    }
    /// Like [`Self::search_context_size`], but does nothing for `None`.
    pub fn maybe_search_context_size(
        mut self,
        search_context_size: __w::Option<impl IsWebSearchOptionsSearchContextSize>,
    ) -> Self {
        __w::maybe_into(&mut self.fields, 0, "search_context_size", search_context_size);
        self
    }
    /// Object, optional.
    ///
    /// [`Self::maybe_user_location`] takes an `Option`.
    pub fn user_location(
        mut self,
        user_location: impl __w::Into<WebSearchOptionsUserLocation>,
    ) -> Self {
        __w::set_into(&mut self.fields, 1, "user_location", user_location);
        self
    }
    /// Like [`Self::user_location`], but does nothing for `None`.
    pub fn maybe_user_location(
        mut self,
        user_location: __w::Option<impl __w::Into<WebSearchOptionsUserLocation>>,
    ) -> Self {
        __w::maybe_into(&mut self.fields, 1, "user_location", user_location);
        self
    }
    /// Returns the finished value.
    #[must_use]
    pub fn build(self) -> WebSearchOptions {
        WebSearchOptions(self.fields)
    }
}
impl __w::From<WebSearchOptionsBuilder> for WebSearchOptions {
    fn from(builder: WebSearchOptionsBuilder) -> Self {
        Self(builder.fields)
    }
}
impl WebSearchOptions {
    /// Starts building with every field unset.
    pub fn builder() -> WebSearchOptionsBuilder {
        <WebSearchOptionsBuilder as __w::Default>::default()
    }
}
impl __w::Part for WebSearchOptions {
    type Builder = WebSearchOptionsBuilder;
}
/// A part of the output of several models.
#[derive(__w::Clone, __w::Debug, __w::PartialEq)]
pub struct Word {
    /// End time, in seconds.
    pub end: __w::Option<__w::f64>,
    /// Start time, in seconds.
    pub start: __w::Option<__w::f64>,
    /// The word.
    pub word: __w::Option<__w::String>,
}
impl<'de> __w::ReadObject<'de> for Word {
    const MEMBERS: &'static [&'static __w::str] = &["end", "start", "word"];
    fn read<__R: __w::Reader<'de>>(from: &mut __R) -> __w::Result<Self, __R::Error> {
        let mut end = __w::None;
        let mut start = __w::None;
        let mut word = __w::None;
        while let __w::Some(__at) = from.next(Self::MEMBERS)? {
            match __at {
                0usize => from.number(&mut end),
                1usize => from.number(&mut start),
                2usize => from.value(&mut word),
                _ => from.skip(),
            }?;
        }
        __w::Ok(Self { end, start, word })
    }
}
impl<'de> __w::Deserialize<'de> for Word {
    fn deserialize<__D: __w::Deserializer<'de>>(
        from: __D,
    ) -> __w::Result<Self, __D::Error> {
        __w::deserialize(from)
    }
}
impl __w::Object for Word {
    fn members<__W: __w::Members>(&self, to: &mut __W) {
        let _ = to
            .member("end", &self.end)
            .member("start", &self.start)
            .member("word", &self.word);
    }
}
impl __w::Serialize for Word {
    fn serialize<__S: __w::Serializer>(
        &self,
        to: __S,
    ) -> __w::Result<__S::Ok, __S::Error> {
        __w::serialize(self, to)
    }
}
impl __w::Wire for Word {}
