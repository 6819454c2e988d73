/* Texts that others wrote, made harmless where they are shown.
 *
 * keep    what decoders accept of others and of files: kl_text_is_plain() (bytes.h). Well-formed UTF-8
 *         without controls and without overrides of direction; a whole lesson is not lost for one
 *         zero-width space that an older version let through.
 * write   what this member may type and publish: kl_text_is_harmless(), stricter.
 * show    every surface (terminal, HTML, CSV and XLSX, JSON, letters, log) walks a text with
 *         kl_harmless_next() and puts U+FFFD in the place of each piece that is not harmless, so that
 *         people see that something was there.
 *
 * Harmful are, beside what is no UTF-8: controls (C0, DEL, C1; a carriage return unless a newline
 * follows), all that nobody can see (Unicode's Default_Ignorable_Code_Point: zero-width and soft
 * hyphens, joiners, fillers, variation selectors, tags), marks and overrides of direction, line and
 * paragraph separators, what is no character at all, and combining marks beyond KL_HARMLESS_MARKS_MAX
 * on one letter. Harmless although nobody sees them: a joiner between two pictures of an emoji, the
 * selector behind one (or behind a digit of a keycap), joiner and non-joiner between letters of
 * scripts that are written with them (U+0600 to U+0DFF: Arabic, Persian, Urdu, the scripts of India),
 * and the tags of three flags, those of England, Scotland and Wales. Letters of every script, written
 * to either side, are harmless. (The list is Unicode's; its exceptions and the limit are ours.) */
#ifndef KL_CORE_HARMLESS_H
#define KL_CORE_HARMLESS_H

#include "core/bytes.h"
#include "core/error.h"

/* Vietnamese and Arabic need two, pointed Hebrew with its accents four. */
enum { KL_HARMLESS_MARKS_MAX = 4 };

/* What stands in the place of a harmful piece: U+FFFD in UTF-8. */
#define KL_HARMLESS_INSTEAD "\xef\xbf\xbd"

/* Where a walk is; all zero at a beginning. */
struct kl_harmless {
	/* All private. */
	uint32_t before; /* the last character that is neither a mark nor a selector */
	unsigned marks;  /* upon it */
};

/* The piece at the front of `text` (a character; a whole flag; one byte that is no UTF-8): how many
 * bytes it takes, at least 1, and whether it may be shown. Newlines and tabs are harmless here.
 * `text` is not empty, and goes on to where the text really ends. */
size_t kl_harmless_next(struct kl_harmless *at, struct kl_bytes text, bool *ret_harmless);

/* True if nothing in the text is harmful; newlines only if `lines`, tabs and carriage returns never:
 * so it is plain, too. */
bool kl_text_is_harmless(struct kl_bytes text, bool lines);

/* The same for what somebody typed; KL_E_INVALID with a fault that says which character of `what` is
 * harmful, and why: "the title: the 12th character is a zero-width space (U+200B)". */
int kl_text_refuse_harmful(
	struct kl_bytes text, bool lines, const char *what, struct kl_fault *fault);

/* A text as it may be shown, cut at a character where `size` ends. Newlines and tabs become
 * U+FFFD, too, unless `lines`. Returns `out`. */
char *kl_text_show(const char *text, bool lines, char *out, size_t size);

/* Takes out of a cell of a table what nobody sees and what turns the direction, since spreadsheets and
 * web pages leave such characters behind and two names that look the same should be the same. Other
 * harmful pieces (controls, ...) stay for whoever refuses them. In place. */
void kl_text_drop_unseen(char *text);

#endif
