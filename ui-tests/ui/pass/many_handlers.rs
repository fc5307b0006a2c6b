//! A server with two hundred handlers.

#![deny(warnings)]

use suptree::prelude::*;

#[derive(Default)]
struct Many(u64);

#[genserver]
impl Many {
    #[call]
    fn call_0(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_1(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_2(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_3(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_4(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_5(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_6(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_7(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_8(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_9(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_10(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_11(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_12(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_13(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_14(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_15(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_16(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_17(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_18(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_19(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_20(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_21(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_22(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_23(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_24(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_25(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_26(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_27(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_28(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_29(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_30(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_31(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_32(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_33(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_34(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_35(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_36(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_37(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_38(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_39(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_40(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_41(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_42(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_43(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_44(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_45(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_46(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_47(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_48(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_49(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_50(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_51(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_52(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_53(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_54(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_55(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_56(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_57(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_58(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_59(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_60(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_61(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_62(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_63(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_64(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_65(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_66(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_67(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_68(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_69(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_70(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_71(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_72(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_73(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_74(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_75(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_76(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_77(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_78(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_79(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_80(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_81(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_82(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_83(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_84(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_85(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_86(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_87(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_88(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_89(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_90(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_91(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_92(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_93(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_94(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_95(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_96(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_97(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_98(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_99(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_100(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_101(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_102(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_103(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_104(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_105(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_106(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_107(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_108(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_109(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_110(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_111(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_112(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_113(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_114(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_115(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_116(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_117(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_118(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_119(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_120(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_121(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_122(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_123(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_124(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_125(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_126(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_127(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_128(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_129(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_130(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_131(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_132(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_133(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_134(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_135(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_136(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_137(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_138(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_139(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_140(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_141(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_142(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_143(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_144(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_145(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_146(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_147(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_148(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_149(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_150(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_151(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_152(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_153(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_154(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_155(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_156(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_157(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_158(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_159(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_160(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_161(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_162(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_163(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_164(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_165(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_166(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_167(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_168(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_169(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_170(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_171(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_172(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_173(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_174(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_175(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_176(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_177(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_178(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_179(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_180(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_181(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_182(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_183(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_184(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_185(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_186(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_187(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_188(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_189(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_190(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_191(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_192(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_193(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    fn info_194(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    async fn call_195(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    fn cast_196(&mut self, n: u64) {
        self.0 += n;
    }

    #[info]
    async fn info_197(&mut self, n: u64) {
        self.0 += n;
    }

    #[call]
    fn call_198(&self, n: u64) -> u64 {
        self.0 + n
    }

    #[cast]
    async fn cast_199(&mut self, n: u64) {
        self.0 += n;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let many = Many::start().await?;
    assert_eq!(many.call_0(1).await?, 1);
    many.cast_1(1).await?;
    many.info_2(1).await?;
    assert_eq!(many.call_3(1).await?, 3);
    many.cast_4(1).await?;
    many.info_5(1).await?;
    assert_eq!(many.call_6(1).await?, 5);
    many.cast_7(1).await?;
    many.info_8(1).await?;
    assert_eq!(many.call_9(1).await?, 7);
    many.cast_10(1).await?;
    many.info_11(1).await?;
    assert_eq!(many.call_12(1).await?, 9);
    many.cast_13(1).await?;
    many.info_14(1).await?;
    assert_eq!(many.call_15(1).await?, 11);
    many.cast_16(1).await?;
    many.info_17(1).await?;
    assert_eq!(many.call_18(1).await?, 13);
    many.cast_19(1).await?;
    many.info_20(1).await?;
    assert_eq!(many.call_21(1).await?, 15);
    many.cast_22(1).await?;
    many.info_23(1).await?;
    assert_eq!(many.call_24(1).await?, 17);
    many.cast_25(1).await?;
    many.info_26(1).await?;
    assert_eq!(many.call_27(1).await?, 19);
    many.cast_28(1).await?;
    many.info_29(1).await?;
    assert_eq!(many.call_30(1).await?, 21);
    many.cast_31(1).await?;
    many.info_32(1).await?;
    assert_eq!(many.call_33(1).await?, 23);
    many.cast_34(1).await?;
    many.info_35(1).await?;
    assert_eq!(many.call_36(1).await?, 25);
    many.cast_37(1).await?;
    many.info_38(1).await?;
    assert_eq!(many.call_39(1).await?, 27);
    many.cast_40(1).await?;
    many.info_41(1).await?;
    assert_eq!(many.call_42(1).await?, 29);
    many.cast_43(1).await?;
    many.info_44(1).await?;
    assert_eq!(many.call_45(1).await?, 31);
    many.cast_46(1).await?;
    many.info_47(1).await?;
    assert_eq!(many.call_48(1).await?, 33);
    many.cast_49(1).await?;
    many.info_50(1).await?;
    assert_eq!(many.call_51(1).await?, 35);
    many.cast_52(1).await?;
    many.info_53(1).await?;
    assert_eq!(many.call_54(1).await?, 37);
    many.cast_55(1).await?;
    many.info_56(1).await?;
    assert_eq!(many.call_57(1).await?, 39);
    many.cast_58(1).await?;
    many.info_59(1).await?;
    assert_eq!(many.call_60(1).await?, 41);
    many.cast_61(1).await?;
    many.info_62(1).await?;
    assert_eq!(many.call_63(1).await?, 43);
    many.cast_64(1).await?;
    many.info_65(1).await?;
    assert_eq!(many.call_66(1).await?, 45);
    many.cast_67(1).await?;
    many.info_68(1).await?;
    assert_eq!(many.call_69(1).await?, 47);
    many.cast_70(1).await?;
    many.info_71(1).await?;
    assert_eq!(many.call_72(1).await?, 49);
    many.cast_73(1).await?;
    many.info_74(1).await?;
    assert_eq!(many.call_75(1).await?, 51);
    many.cast_76(1).await?;
    many.info_77(1).await?;
    assert_eq!(many.call_78(1).await?, 53);
    many.cast_79(1).await?;
    many.info_80(1).await?;
    assert_eq!(many.call_81(1).await?, 55);
    many.cast_82(1).await?;
    many.info_83(1).await?;
    assert_eq!(many.call_84(1).await?, 57);
    many.cast_85(1).await?;
    many.info_86(1).await?;
    assert_eq!(many.call_87(1).await?, 59);
    many.cast_88(1).await?;
    many.info_89(1).await?;
    assert_eq!(many.call_90(1).await?, 61);
    many.cast_91(1).await?;
    many.info_92(1).await?;
    assert_eq!(many.call_93(1).await?, 63);
    many.cast_94(1).await?;
    many.info_95(1).await?;
    assert_eq!(many.call_96(1).await?, 65);
    many.cast_97(1).await?;
    many.info_98(1).await?;
    assert_eq!(many.call_99(1).await?, 67);
    many.cast_100(1).await?;
    many.info_101(1).await?;
    assert_eq!(many.call_102(1).await?, 69);
    many.cast_103(1).await?;
    many.info_104(1).await?;
    assert_eq!(many.call_105(1).await?, 71);
    many.cast_106(1).await?;
    many.info_107(1).await?;
    assert_eq!(many.call_108(1).await?, 73);
    many.cast_109(1).await?;
    many.info_110(1).await?;
    assert_eq!(many.call_111(1).await?, 75);
    many.cast_112(1).await?;
    many.info_113(1).await?;
    assert_eq!(many.call_114(1).await?, 77);
    many.cast_115(1).await?;
    many.info_116(1).await?;
    assert_eq!(many.call_117(1).await?, 79);
    many.cast_118(1).await?;
    many.info_119(1).await?;
    assert_eq!(many.call_120(1).await?, 81);
    many.cast_121(1).await?;
    many.info_122(1).await?;
    assert_eq!(many.call_123(1).await?, 83);
    many.cast_124(1).await?;
    many.info_125(1).await?;
    assert_eq!(many.call_126(1).await?, 85);
    many.cast_127(1).await?;
    many.info_128(1).await?;
    assert_eq!(many.call_129(1).await?, 87);
    many.cast_130(1).await?;
    many.info_131(1).await?;
    assert_eq!(many.call_132(1).await?, 89);
    many.cast_133(1).await?;
    many.info_134(1).await?;
    assert_eq!(many.call_135(1).await?, 91);
    many.cast_136(1).await?;
    many.info_137(1).await?;
    assert_eq!(many.call_138(1).await?, 93);
    many.cast_139(1).await?;
    many.info_140(1).await?;
    assert_eq!(many.call_141(1).await?, 95);
    many.cast_142(1).await?;
    many.info_143(1).await?;
    assert_eq!(many.call_144(1).await?, 97);
    many.cast_145(1).await?;
    many.info_146(1).await?;
    assert_eq!(many.call_147(1).await?, 99);
    many.cast_148(1).await?;
    many.info_149(1).await?;
    assert_eq!(many.call_150(1).await?, 101);
    many.cast_151(1).await?;
    many.info_152(1).await?;
    assert_eq!(many.call_153(1).await?, 103);
    many.cast_154(1).await?;
    many.info_155(1).await?;
    assert_eq!(many.call_156(1).await?, 105);
    many.cast_157(1).await?;
    many.info_158(1).await?;
    assert_eq!(many.call_159(1).await?, 107);
    many.cast_160(1).await?;
    many.info_161(1).await?;
    assert_eq!(many.call_162(1).await?, 109);
    many.cast_163(1).await?;
    many.info_164(1).await?;
    assert_eq!(many.call_165(1).await?, 111);
    many.cast_166(1).await?;
    many.info_167(1).await?;
    assert_eq!(many.call_168(1).await?, 113);
    many.cast_169(1).await?;
    many.info_170(1).await?;
    assert_eq!(many.call_171(1).await?, 115);
    many.cast_172(1).await?;
    many.info_173(1).await?;
    assert_eq!(many.call_174(1).await?, 117);
    many.cast_175(1).await?;
    many.info_176(1).await?;
    assert_eq!(many.call_177(1).await?, 119);
    many.cast_178(1).await?;
    many.info_179(1).await?;
    assert_eq!(many.call_180(1).await?, 121);
    many.cast_181(1).await?;
    many.info_182(1).await?;
    assert_eq!(many.call_183(1).await?, 123);
    many.cast_184(1).await?;
    many.info_185(1).await?;
    assert_eq!(many.call_186(1).await?, 125);
    many.cast_187(1).await?;
    many.info_188(1).await?;
    assert_eq!(many.call_189(1).await?, 127);
    many.cast_190(1).await?;
    many.info_191(1).await?;
    assert_eq!(many.call_192(1).await?, 129);
    many.cast_193(1).await?;
    many.info_194(1).await?;
    assert_eq!(many.call_195(1).await?, 131);
    many.cast_196(1).await?;
    many.info_197(1).await?;
    assert_eq!(many.call_198(1).await?, 133);
    many.cast_199(1).await?;
    Ok(())
}
