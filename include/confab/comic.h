/* SPDX-License-Identifier: MIT
 *
 * Comic Chat's conventions: what that client writes into ordinary texts, over IRC, IRCX and MIC
 * alike (the pose of a speaker, "# Appears as", and other comments to clients). The engine passes
 * every such text as it is; this reads one, for handlers that log, search or show what was said. */
#ifndef CONFAB_COMIC_H
#define CONFAB_COMIC_H

#include <confab/status.h>
#include <confab/types.h>

/* confab_comic.kind; those above POSE are hidden from their users by clients of the time. */
enum {
  CONFAB_COMIC_PLAIN = 0,         /* nothing of Comic Chat's */
  CONFAB_COMIC_POSE = 1,          /* (#...) and what is said */
  CONFAB_COMIC_APPEARS = 2,       /* # Appears as NAME, NAME. or NAME.URL */
  CONFAB_COMIC_GET_INFO = 3,      /* # GetInfo */
  CONFAB_COMIC_INFO = 4,          /* # HeresInfo: TEXT */
  CONFAB_COMIC_BACKDROP = 5,      /* # BDrop: NAME */
  CONFAB_COMIC_BACKDROP_FROM = 6, /* # BDrop2: NAME,URL */
  CONFAB_COMIC_GET_CHAR_INFO = 7, /* # GetCharInfo */
  CONFAB_COMIC_BACKGROUND = 8,    /* # Background ANY */
  CONFAB_COMIC_RING = 9           /* # RING */
};

/* confab_comic.mode, of a pose. Shouting (4) is SAY, as receivers make of it. */
enum {
  CONFAB_COMIC_SAY = 1,
  CONFAB_COMIC_WHISPER = 2,
  CONFAB_COMIC_THINK = 3,
  CONFAB_COMIC_ACTION = 5
};

/* All texts are parts of the text that was read, and live as long as that. */
typedef struct confab_comic {
  uint32_t struct_size;
  uint32_t kind;      /* CONFAB_COMIC_* */
  uint32_t mode;      /* CONFAB_COMIC_SAY and so on; 0: no pose */
  uint32_t requested; /* 1: the speaker chose the pose by hand */
  /* The drawings of a pose: which (as the avatar's file numbers them), the emotion (0 none,
   * 1 happy, ... 9 neutral) and its intensity in tenths; UINT32_MAX: not given. */
  uint32_t torso, torso_emotion, torso_intensity;
  uint32_t face, face_emotion, face_intensity;
  confab_str names; /* of those spoken to, with a comma between them */
  confab_str name;  /* of an avatar or a backdrop */
  confab_str url;   /* where to get it; "?": ask its owner */
  confab_str text;  /* what is said, or the text of an info; of plain messages all there is */
} confab_comic;

CONFAB_DECLS_BEGIN

/* Reads the text of a message, or with `data` 1 that of an IRCX DATA message with the tag "CCUDI1":
 * a comment, or the pose of the speaker's next text. One that only looks like Comic Chat's is
 * PLAIN.
 * Errors: ERR_ARG (no bytes, no `out`); ERR_STRUCT.
 * [call: const] [emits: no] [allocs: no] [since: 0.1] */
CONFAB_API confab_status CONFAB_CALL confab_comic_read(confab_str text, uint32_t data,
                                                       confab_comic *out);

CONFAB_DECLS_END

#endif
