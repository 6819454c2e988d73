#include "core/words.h"
#include "core/bytes.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct folded {
	size_t len;
	char text[KL_WORDS_TEXT_MAX + 1];
};

/* Lower case of a letter of two bytes of UTF-8: U+00C0..U+00DE, and the pairs of U+0100..U+0177. */
static void lower_two(unsigned char lead, unsigned char *trail)
{
	if (lead == 0xc3 && *trail >= 0x80 && *trail <= 0x9e && *trail != 0x97)
		*trail += 0x20;
	else if ((lead == 0xc4 && *trail < 0xb8) ||
		 (lead == 0xc5 && *trail >= 0x8a && *trail < 0xb8))
		*trail |= 1;
}

static void fold(const char *text, struct folded *out)
{
	unsigned char before = 0;
	bool blank = false;

	out->len = 0;
	for (; *text && out->len < KL_WORDS_TEXT_MAX; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == ' ' || c == '\t' || c == '\n' || c == '_' || c == '-') {
			blank = out->len > 0;
			continue;
		}
		if (blank && out->len + 1 < KL_WORDS_TEXT_MAX)
			out->text[out->len++] = ' ';
		blank = false;
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		else if (c >= 0x80)
			lower_two(before, &c);
		out->text[out->len++] = (char)c;
		before = c;
	}
	out->text[out->len] = '\0';
}

size_t kl_words_fold(const char *text, char out[KL_WORDS_TEXT_MAX + 1])
{
	struct folded f;

	fold(text, &f);
	memcpy(out, f.text, f.len + 1);
	return f.len;
}

static bool folded_equal(const struct folded *a, const struct folded *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

bool kl_words_contain(const char *text, const char *part)
{
	struct folded t, p;

	fold(text, &t);
	fold(part, &p);
	return p.len && strstr(t.text, p.text);
}

bool kl_words_equal(const char *a, const char *b)
{
	struct folded x, y;

	fold(a, &x);
	fold(b, &y);
	return folded_equal(&x, &y);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Three rows of the usual table are enough: a swap looks two rows back. Of texts that are farther
 * apart than `most` it says so as soon as it is seen, with something above `most`; what lies farther from
 * the diagonal than that cannot matter and is not looked at. */
static size_t distance(const struct folded *a, const struct folded *b, size_t most)
{
	size_t rows[3][KL_WORDS_TEXT_MAX + 1];
	size_t *above2 = rows[0], *above = rows[1], *row = rows[2];
	size_t least = 0, least_above;

	if (a->len > b->len + most || b->len > a->len + most)
		return most + 1;
	for (size_t j = 0; j <= b->len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a->len; i++) {
		size_t *spare = above2;
		size_t first = i > most ? i - most : 1, last = smaller(b->len, i + most);

		row[first - 1] = first == 1 ? i : most + 1;
		least_above = least;
		least = row[first - 1];
		for (size_t j = first; j <= last; j++) {
			bool same = a->text[i - 1] == b->text[j - 1];

			row[j] = smaller(smaller(above[j], row[j - 1]) + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 && a->text[i - 1] == b->text[j - 2] &&
				a->text[i - 2] == b->text[j - 1])
				row[j] = smaller(row[j], above2[j - 2] + 1);
			least = smaller(least, row[j]);
		}
		if (last < b->len)
			row[last + 1] = most + 1;
		if (least > most && least_above > most)
			return most + 1;
		above2 = above;
		above = row;
		row = spare;
	}
	return above[b->len];
}

size_t kl_words_distance(const char *a, const char *b)
{
	struct folded x, y;

	fold(a, &x);
	fold(b, &y);
	return distance(&x, &y, KL_WORDS_TEXT_MAX);
}

/* ---- lists --------------------------------------------------------------------------------- */

enum fit { FIT_NONE, FIT_PART, FIT_EXACT };

static enum fit fit_of(const struct kl_words *list, size_t index, const struct folded *asked)
{
	enum fit best = FIT_NONE;

	for (size_t k = 0; k < KL_WORDS_SPELLINGS_MAX; k++) {
		const char *spelling = list->spelling(list->context, index, k);
		struct folded f;

		if (!spelling)
			break;
		fold(spelling, &f);
		if (folded_equal(&f, asked))
			return FIT_EXACT;
		if (asked->len && strstr(f.text, asked->text))
			best = FIT_PART;
	}
	return best;
}

size_t kl_words_matches(
	const struct kl_words *list, const char *asked, size_t max, size_t *ret_indexes)
{
	struct folded f;
	size_t count = 0;

	fold(asked, &f);
	if (!f.len)
		return 0;
	for (size_t i = 0; i < list->count; i++) {
		if (fit_of(list, i, &f) == FIT_NONE)
			continue;
		if (count < max)
			ret_indexes[count] = i;
		count++;
	}
	return count;
}

/* How far `asked` is from a spelling, or from the nearest of its words: people leave out the rest. */
static size_t nearest_word(const struct folded *asked, const struct folded *spelling, size_t most)
{
	size_t best = distance(asked, spelling, most);

	for (size_t i = 0, end; i < spelling->len; i = end + 1) {
		struct folded word;

		for (end = i; end < spelling->len && !strchr(" .", spelling->text[end]);)
			end++;
		word.len = end - i;
		memcpy(word.text, spelling->text + i, word.len);
		if (word.len > 2)
			best = smaller(best, distance(asked, &word, most));
	}
	return best;
}

static size_t distance_of(
	const struct kl_words *list, size_t index, const struct folded *asked, size_t most)
{
	size_t best = SIZE_MAX;

	for (size_t k = 0; k < KL_WORDS_SPELLINGS_MAX; k++) {
		const char *spelling = list->spelling(list->context, index, k);
		struct folded f;

		if (!spelling)
			break;
		fold(spelling, &f);
		best = smaller(best, nearest_word(asked, &f, most));
	}
	return best;
}

size_t kl_words_nearest(
	const struct kl_words *list, const char *asked, size_t ret_indexes[KL_WORDS_NEAREST_MAX])
{
	size_t distances[KL_WORDS_NEAREST_MAX];
	size_t count = 0, most;
	struct folded f;

	fold(asked, &f);
	most = smaller((f.len + 2) / 3, KL_WORDS_SLIPS_MAX);
	for (size_t i = 0; i < list->count; i++) {
		size_t far = distance_of(list, i, &f, most), at;

		if (far > most || far >= f.len)
			continue;
		for (at = count; at > 0 && distances[at - 1] > far; at--)
			;
		if (at == KL_WORDS_NEAREST_MAX)
			continue;
		if (count < KL_WORDS_NEAREST_MAX)
			count++;
		memmove(distances + at + 1, distances + at, (count - at - 1) * sizeof *distances);
		memmove(ret_indexes + at + 1, ret_indexes + at,
			(count - at - 1) * sizeof *ret_indexes);
		distances[at] = far;
		ret_indexes[at] = i;
		if (count < KL_WORDS_NEAREST_MAX)
			continue;
		if (!distances[count - 1])
			break;
		most = distances[count - 1] - 1; /* only nearer ones are of interest now */
	}
	return count;
}

/* ---- messages ------------------------------------------------------------------------------ */

/* Appends "code (name)"; what does not fit whole is left out. */
static void show(
	const struct kl_words *list, size_t index, const char *before, char *out, size_t size)
{
	const char *first = list->spelling(list->context, index, 0);
	const char *second = list->spelling(list->context, index, 1);
	size_t len = strlen(out);
	int n;

	if (second && !kl_words_equal(first, second))
		n = snprintf(out + len, size - len, "%s%s (%s)", before, first, second);
	else
		n = snprintf(out + len, size - len, "%s%s", before, first);
	if (n < 0 || (size_t)n >= size - len)
		out[len] = '\0';
}

/* All names of a short list: "Money flows, Business network, ..."; false if they do not fit. Of names that
 * explain themselves ("plan: design and specify") what stands before the colon is enough. */
static bool show_all(const struct kl_words *list, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < list->count; i++) {
		const char *name = list->names_first ? NULL : list->spelling(list->context, i, 1);
		int n;

		name = name ? name : list->spelling(list->context, i, 0);
		n = snprintf(out + len, size - len, "%s%.*s", i ? ", " : "",
			(int)strcspn(name, ":"), name);
		if (n < 0 || (size_t)n >= size - len)
			return false;
		len += (size_t)n;
	}
	return len > 0;
}

static int not_found(
	const struct kl_words *list, const char *kind, const char *asked, struct kl_fault *fault)
{
	char text[KL_FAULT_HINT_MAX - 16] = "";
	size_t near[KL_WORDS_NEAREST_MAX], count;
	char typed[KL_WORDS_TEXT_MAX];

	if (!fault) /* what is near takes long to find in a long list, and nobody would read it */
		return KL_E_NOT_FOUND;
	count = kl_words_nearest(list, asked, near);
	(void)kl_copy_text(typed, sizeof typed, asked);
	kl_fault(fault, KL_E_NOT_FOUND, "no %s fits \"%s\"", kind, typed);
	for (size_t i = 0; i < count; i++)
		show(list, near[i], i ? ", or " : "", text, sizeof text);
	if (count)
		(void)kl_fault_hint(fault, "did you mean %s?", text);
	else if (show_all(list, text, sizeof text))
		(void)kl_fault_hint(fault, "there are: %s", text);
	return KL_E_NOT_FOUND;
}

static int ambiguous(const struct kl_words *list, const char *kind, const char *asked,
	const size_t *fits, size_t count, struct kl_fault *fault)
{
	char text[KL_FAULT_MESSAGE_MAX - 2 * KL_WORDS_TEXT_MAX] = "";
	size_t shown = smaller(count, KL_WORDS_SHOWN_MAX);
	char typed[KL_WORDS_TEXT_MAX];

	(void)kl_copy_text(typed, sizeof typed, asked);
	for (size_t i = 0; i < shown; i++)
		show(list, fits[i], i ? ", " : "", text, sizeof text);
	if (count > shown)
		kl_fault(fault, KL_E_AMBIGUOUS, "more than one %s fits \"%s\": %s and %zu more",
			kind, typed, text, count - shown);
	else
		kl_fault(fault, KL_E_AMBIGUOUS, "more than one %s fits \"%s\": %s", kind, typed,
			text);
	(void)kl_fault_hint(fault, "type more of the name, or the whole of what stands first");
	return KL_E_AMBIGUOUS;
}

int kl_words_find(const struct kl_words *list, const char *kind, const char *asked,
	size_t *ret_index, struct kl_fault *fault)
{
	size_t fits[KL_WORDS_SHOWN_MAX];
	size_t count = 0;
	enum fit best = FIT_PART;
	struct folded f;

	fold(asked, &f);
	for (size_t i = 0; i < list->count && f.len; i++) {
		enum fit fit = fit_of(list, i, &f);

		if (fit > best) {
			best = fit;
			count = 0;
		}
		if (fit != best)
			continue;
		if (count < KL_WORDS_SHOWN_MAX)
			fits[count] = i;
		count++;
	}
	if (!count)
		return not_found(list, kind, asked, fault);
	if (count > 1)
		return ambiguous(list, kind, asked, fits, count, fault);
	*ret_index = fits[0];
	return KL_OK;
}
