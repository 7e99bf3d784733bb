"""The table of benchmarks: ``python -m benchmarks NAME`` runs benchmarks/NAME.py.

Conventions: a benchmark module has ``run(ctx: Context) -> list[Result]`` and imports what it needs.
Does not know: how a result is kept (benchmarks/runner.py).
"""

from __future__ import annotations

# name of the module: what it measures, for the report
BENCHMARKS: dict[str, str] = {
    "house": "The code as a reader meets it: sizes, documentation, types, errors, tests.",
    "fill_bits": "Held-out bits per note of the fill model and of three floors, per task.",
    "requests": "30 sentences, 5 seeds each: hard wishes kept, checked from the MIDI file; sound of seed 0 measured.",
    "compose_speed": "32 bars for four parts: seconds, notes and model steps a second, memory, warm, cold, all files.",
    "encode_speed": "Notes a second to grid tokens and back, 1,000 scores from seeds, one core.",
    "io_speed": "Files and notes a second read and written, format by format, beside mido.",
    "render_speed": "A minute for five parts as sound: times real time, and memory, with each synth.",
    "install": "Size of a fresh default install, and what it must not bring.",
    "requests_many": "300 requests out of a grammar, three seeds, one try each: key, tempo, metre, bars, players kept.",
    "generation_speed": "Notes a second of 16 bars for four parts beside MIDI-GPT and GPT-2 shapes of the same size.",
    "training_speed": "Model flops of the training loop over a plain matrix product, same machine, same run.",
    "runtime_speed": "Decoding steps a second beside torch and ONNX Runtime on the same weights.",
    "chinese": "Chinese style beside the published statistics of folk songs, people's tunes and western styles.",
    "decoding": "Each option of decoding in turn, on held-out requests: AUC, distances to people, cost, style obeyed.",
    "long_form": "96 to 128 bars beside people's long pieces: returns, cadences, energy, key, drift; three minutes.",
    "layouts": "Held-out bits per note of models trained alike but for one thing (ZHIYIN_COMPARE).",
    "originality": "Copies found again, false alarms, speed of search; what people and we share with training.",
    "quality": "How near the judges' values of composed pieces lie to people's held-out ones, by judge and style.",
    "two_sample": "How well classifiers tell our 8 bars from human ones (the main number); Frechet distances.",
    "gan": "Phrases of the gan family beside people: fragments, harmony, collapse, control, before and after decoding.",
    "graph_encoder": "A graph encoder of windows beside a sequence one and hand features: retrieval, styles.",
    "pieces_alike": "Nearest pieces: halves of held-out pieces find each other; style, composer and set in common.",
    "style_recognition": "Style of whole held-out pieces: our listener beside gradient boosting, players heard or not.",
    "dances_composers": "Composer and dance of held-out works: our listeners beside gradient boosting; another book.",
    "emotion": "Mood of rated game music: published cues untouched, and classifiers trained within the folds.",
    "audio_genre": "Genre from audio features: the recipe of our sound classifier beside boosting, GTZAN features.",
    "styles": "Whether the style asked for is heard, by a classifier trained on human pieces.",
    "styles_heard": "Whether the style asked for is heard in whole pieces, by listeners that learned from people.",
    "stylebook": "The style book: speed, how far its styles lie apart, repetition, wishes kept, nearness.",
    "stylebook_judged": "The style book by the two-sample test and the style classifier, beside the model.",
    "chorales": "Chorales on a sixteenth grid: nats a voice-frame, part-writing faults of sampled ones.",
    "frame_nll": "The next frame of JSB, Nottingham, Piano-midi and MuseData: nats a frame on test, beside floors.",
    "beats": "Beats and bars of performed music beside the written grid and a constant tempo; human drumming.",
    "part_writing": "Chorales composed from a style and a key: part-writing faults by two counters, crossings, rests.",
    "satb": "Four voices under test sopranos: likelihood, parallels with and without rules, cadences, seconds.",
    "harmonise": "Chords for held-out tunes: agreement with people beside the tonic, an HMM and the fill model.",
    "arrange": "25 held-out pieces for eight ensembles: ranges, faults, tune and chord tones kept, parallels, speed.",
    "acts": "Every act on people's files of five formats: what stays, wishes, files re-read elsewhere; how long.",
    "acts_speed": "One bar infilled and the first bar of a take on four parts of 32 bars, the model loaded.",
    "acts_fuzz": "A thousand random acts, locks, edits and takings-over in chains: nothing lost, no surprise.",
    "vae": "The vae: steps given back, KL, ways between tunes, directions of attributes, draws; Nottingham beside.",
    "families": "The leaderboard: every family on the same requests: likelihood, AUC, judges, copies, wishes, speed.",
    "transfer": "Style transfer: style reached and content kept, six pairs, family by family, beside controls.",
    "words_lyrics": "Words on unseen tunes: slots, rhymes, tones with the tune, stress on beats, copies, time.",
    "words_sound": "How words sound: readings, rhymes poets set, syllables under hymns, speed, what is refused.",
    "words_models": "The line models by themselves: bits a unit, what a prompt is worth, copies, speed.",
    "words_moods": "Moods heard in what they made: matched pairs by an outside judge, cues, ablation, intensity.",
    "memorisation": "Whether the model can give back a pop melody that it must not know.",
}
