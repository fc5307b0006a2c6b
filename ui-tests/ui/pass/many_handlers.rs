//! A server with two hundred handlers.

#![deny(warnings)]

use suptree::prelude::*;

/// Handlers by six, of all kinds, and then two more; and how they are all called.
macro_rules! many {
    ($last_call:ident $last_cast:ident: $($call:ident $cast:ident $info:ident $later_call:ident $later_cast:ident $later_info:ident;)*) => {
        #[derive(Default)]
        struct Many(u64);

        #[genserver]
        impl Many {
            $(
                #[call]
                fn $call(&self, n: u64) -> u64 {
                    self.0 + n
                }

                #[cast]
                async fn $cast(&mut self, n: u64) {
                    self.0 += n;
                }

                #[info]
                fn $info(&mut self, n: u64) {
                    self.0 += n;
                }

                #[call]
                async fn $later_call(&self, n: u64) -> u64 {
                    self.0 + n
                }

                #[cast]
                fn $later_cast(&mut self, n: u64) {
                    self.0 += n;
                }

                #[info]
                async fn $later_info(&mut self, n: u64) {
                    self.0 += n;
                }
            )*

            #[call]
            fn $last_call(&self, n: u64) -> u64 {
                self.0 + n
            }

            #[cast]
            async fn $last_cast(&mut self, n: u64) {
                self.0 += n;
            }
        }

        #[tokio::main(flavor = "current_thread")]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {
            let many = Many::start().await?;
            let mut added = 0;
            $(
                assert_eq!(many.$call(1).await?, added + 1);
                many.$cast(1).await?;
                many.$info(1).await?;
                assert_eq!(many.$later_call(1).await?, added + 3);
                many.$later_cast(1).await?;
                many.$later_info(1).await?;
                added += 4;
            )*
            assert_eq!(added, 132);
            assert_eq!(many.$last_call(1).await?, 133);
            many.$last_cast(1).await?;
            Ok(())
        }
    };
}

many! {
    call_198 cast_199:
    call_0 cast_1 info_2 call_3 cast_4 info_5;
    call_6 cast_7 info_8 call_9 cast_10 info_11;
    call_12 cast_13 info_14 call_15 cast_16 info_17;
    call_18 cast_19 info_20 call_21 cast_22 info_23;
    call_24 cast_25 info_26 call_27 cast_28 info_29;
    call_30 cast_31 info_32 call_33 cast_34 info_35;
    call_36 cast_37 info_38 call_39 cast_40 info_41;
    call_42 cast_43 info_44 call_45 cast_46 info_47;
    call_48 cast_49 info_50 call_51 cast_52 info_53;
    call_54 cast_55 info_56 call_57 cast_58 info_59;
    call_60 cast_61 info_62 call_63 cast_64 info_65;
    call_66 cast_67 info_68 call_69 cast_70 info_71;
    call_72 cast_73 info_74 call_75 cast_76 info_77;
    call_78 cast_79 info_80 call_81 cast_82 info_83;
    call_84 cast_85 info_86 call_87 cast_88 info_89;
    call_90 cast_91 info_92 call_93 cast_94 info_95;
    call_96 cast_97 info_98 call_99 cast_100 info_101;
    call_102 cast_103 info_104 call_105 cast_106 info_107;
    call_108 cast_109 info_110 call_111 cast_112 info_113;
    call_114 cast_115 info_116 call_117 cast_118 info_119;
    call_120 cast_121 info_122 call_123 cast_124 info_125;
    call_126 cast_127 info_128 call_129 cast_130 info_131;
    call_132 cast_133 info_134 call_135 cast_136 info_137;
    call_138 cast_139 info_140 call_141 cast_142 info_143;
    call_144 cast_145 info_146 call_147 cast_148 info_149;
    call_150 cast_151 info_152 call_153 cast_154 info_155;
    call_156 cast_157 info_158 call_159 cast_160 info_161;
    call_162 cast_163 info_164 call_165 cast_166 info_167;
    call_168 cast_169 info_170 call_171 cast_172 info_173;
    call_174 cast_175 info_176 call_177 cast_178 info_179;
    call_180 cast_181 info_182 call_183 cast_184 info_185;
    call_186 cast_187 info_188 call_189 cast_190 info_191;
    call_192 cast_193 info_194 call_195 cast_196 info_197;
}
