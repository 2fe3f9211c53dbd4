/**
 * SHA-256 of the uncompressed texts, by `CORPUS/stem.language`: Multi30k as its repository publishes
 * it (task 1, commit a3d2e0d2), IWSLT'14 as a public preparation of it distributes it.
 */
export const PARALLEL_SHA256: Readonly<Record<string, string>> = {
  'iwslt14/10k_bpe/test.de': '0bca28e500495a4a9694ae134b0ae35526a280cb0966abbcf3c9af3edc3dfe10',
  'iwslt14/10k_bpe/test.en': 'c2951533a0b03557599978ea1726c440bdbb8210454d1e9ef3b87c2b6228ac43',
  'iwslt14/10k_bpe/valid.de': '27660c689b99b54f0f858775527ff351c520f7581be90aac84b6d16f14624c9e',
  'iwslt14/10k_bpe/valid.en': '1b1f2246625cc907fbd9c8195776434b24687c3fc4e068c6f3d3ec542846823f',
  'iwslt14/30k_bpe/test.de': '73bee919071d76e52dfc0961d99c22802fb03c4f1bbc8f9dc108a759d51ec950',
  'iwslt14/30k_bpe/test.en': '88824ff11796ddf43115757cd4142ecd18599acd5dd869a425144472a0f3d329',
  'iwslt14/30k_bpe/valid.de': '18553b6eff97f9552d2b710d1a6396f7e168fba7bfbce97ec3b06e5d87bb6e83',
  'iwslt14/30k_bpe/valid.en': '77150c10b27172f7c251dc5aa97e1b080bac95c4fe59a7019e0d022074c08378',
  'iwslt14/lr_first/train.de': '22edc946d289c487c22e116b86527dc7efd139e962ed3d61f92b68883dcc5517',
  'iwslt14/lr_first/train.en': '03d8d5b0528c3b8dea05e7eed701ad66a88fe351434ff2ff3dc32b0cb6ce360c',
  'iwslt14/tok/test.de': 'e718c783e33160b7d72af8f733756a466e0d0c016eff8ab624c1b0d1d01cbbdf',
  'iwslt14/tok/test.en': '4b127beb9050511a3e6209cd837ff36f623a3a423666b32aba6e208b7330cf4c',
  'iwslt14/tok/valid.de': '3f051579c9d8c7281a6ea8c72ad4ae09dbaa9bb24dfd41166f2c3a3df7cd940a',
  'iwslt14/tok/valid.en': 'e6d7317a9772cd1ed970910c611e9e7dada1f34439269b44a9d801334bff948d',
  'multi30k/raw/test_2016_flickr.de':
    '4be6b5b3236b79c25475c6bb829800a7ce559e9ba7a1f6c2394fe4d40be46d16',
  'multi30k/raw/test_2016_flickr.en':
    '399a4382932c1aadd3ceb9bef1008d388a64c76d4ae4e9d4728c6f4301cac182',
  'multi30k/raw/train.de': '2c2b73fd2b548fbcde3a875e0a78d6ee94d498bfdee6bd3eae3945779e9ddf72',
  'multi30k/raw/train.en': '460a15fbd157e34a7a9957ee388c1ca247fe47af3ef25fb50442af6c274e0fc6',
  'multi30k/raw/val.de': '660e09eb7e1da2f856ea13ee5ad3cf6d36b3d5b0b733c857e94c5747a3dfc660',
  'multi30k/raw/val.en': '1f2a23d992769b5b3d209b0a10dd0b77c08cceb1f20dfb97ed0aafa49d107227',
  'multi30k/tok/test_2016_flickr.lc.norm.tok.de':
    'c6a33d39d48f9f510de147651316cd9d918e09ad0219df734a2f16b6baccacc4',
  'multi30k/tok/test_2016_flickr.lc.norm.tok.en':
    '5b7f32627cf99eced828311b955dae9800bb52bc8b91cf8b6526829e605b29d2',
  'multi30k/tok/train.lc.norm.tok.de':
    'cb5a23529b65ec2061f1dc446192a9c37382b63cc75f81a0be59d34894b3a505',
  'multi30k/tok/train.lc.norm.tok.en':
    '08925f8e0572bcd5a006702fc5fe20e2d77c6917d4eebd576fc20de6693c2119',
  'multi30k/tok/val.lc.norm.tok.de':
    '97232bd273eceb7207f689527386a97e4be2616b18ada47576bdaf96c8ae1f00',
  'multi30k/tok/val.lc.norm.tok.en':
    '46573ce391ae227f1c72f873392436a20ef18e0a6d518098cfbd70b77c8572ec',
};
