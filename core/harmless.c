#include "core/harmless.h"

#include <stdio.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

/* `n` ranges in order, and BEYOND behind them. */
static bool is_within(uint32_t c, const struct range *ranges, size_t n)
{
	size_t low = 0;

	while (low < n) {
		size_t middle = low + (n - low) / 2;

		if (c > ranges[middle].last)
			low = middle + 1;
		else
			n = middle;
	}
	return c >= ranges[low].first && c <= ranges[low].last;
}

/* Each table ends with a range above all characters, so that a search ends inside. */
#define BEYOND                                                                                     \
	{                                                                                          \
		0x110000, 0x110000                                                                 \
	}
#define IS_WITHIN(c, ranges) is_within(c, ranges, sizeof(ranges) / sizeof *(ranges)-1)

/* Default_Ignorable_Code_Point of Unicode 15, and annotations between lines (U+FFF9 to U+FFFB). */
static const struct range unseen[] = {{0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c},
	{0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f}, {0x202a, 0x202e},
	{0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
	{0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}, BEYOND};

/* Marks that stand above, below or inside the letter before them and can be piled up. */
static const struct range marks[] = {{0x300, 0x36f}, {0x483, 0x489}, {0x591, 0x5bd}, {0x5bf, 0x5bf},
	{0x5c1, 0x5c2}, {0x5c4, 0x5c5}, {0x5c7, 0x5c7}, {0x610, 0x61a}, {0x64b, 0x65f},
	{0x670, 0x670}, {0x6d6, 0x6dc}, {0x6df, 0x6e4}, {0x6e7, 0x6e8}, {0x6ea, 0x6ed},
	{0x711, 0x711}, {0x730, 0x74a}, {0x7a6, 0x7b0}, {0x7eb, 0x7f3}, {0x816, 0x82d},
	{0x859, 0x85b}, {0x898, 0x89f}, {0x8ca, 0x902}, {0x93a, 0x93a}, {0x93c, 0x93c},
	{0x941, 0x948}, {0x94d, 0x957}, {0x981, 0x981}, {0x9bc, 0x9bc}, {0x9c1, 0x9cd},
	{0xa01, 0xa02}, {0xa3c, 0xa3c}, {0xa41, 0xa51}, {0xa70, 0xa75}, {0xabc, 0xabc},
	{0xac1, 0xacd}, {0xb3c, 0xb3c}, {0xbcd, 0xbcd}, {0xc3e, 0xc40}, {0xc46, 0xc56},
	{0xcbc, 0xcbc}, {0xdca, 0xdca}, {0xe31, 0xe31}, {0xe34, 0xe3a}, {0xe47, 0xe4e},
	{0xeb1, 0xeb1}, {0xeb4, 0xebc}, {0xec8, 0xece}, {0xf18, 0xf19}, {0xf35, 0xf39},
	{0xf71, 0xf84}, {0x135d, 0x135f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff},
	{0x2cef, 0x2cf1}, {0x2de0, 0x2dff}, {0x302a, 0x302f}, {0x3099, 0x309a}, {0xa66f, 0xa672},
	{0xa674, 0xa67d}, {0xfe20, 0xfe2f}, {0x1d165, 0x1d169}, {0x1e8d0, 0x1e8d6}, BEYOND};

/* Pictures that emoji are joined of. */
static const struct range pictures[] = {{0xa9, 0xa9}, {0xae, 0xae}, {0x203c, 0x203c},
	{0x2049, 0x2049}, {0x2122, 0x2122}, {0x2139, 0x2139}, {0x2190, 0x21ff}, {0x2300, 0x23ff},
	{0x25a0, 0x27bf}, {0x2900, 0x297f}, {0x2b00, 0x2bff}, {0x3030, 0x3030}, {0x303d, 0x303d},
	{0x3297, 0x3299}, {0x1f000, 0x1faff}, BEYOND};

enum {
	NON_JOINER = 0x200c,
	JOINER = 0x200d,
	TEXT_LOOK = 0xfe0e, /* variation selectors: a character as text or as a picture */
	EMOJI_LOOK = 0xfe0f,
	BLACK_FLAG = 0x1f3f4,
};

/* A letter of those scripts in which joiners change how letters are written. */
static bool is_of_joining_script(uint32_t c)
{
	return c >= 0x600 && c <= 0xdff && !IS_WITHIN(c, unseen) && !IS_WITHIN(c, marks);
}

static bool is_keycap(uint32_t c)
{
	return (c >= '0' && c <= '9') || c == '#' || c == '*';
}

/* May this character, which nobody sees, stand between those two? */
static bool unseen_may_stand(uint32_t before, uint32_t c, struct kl_bytes rest)
{
	uint32_t after = 0;

	if (c == TEXT_LOOK || c == EMOJI_LOOK)
		return IS_WITHIN(before, pictures) || is_keycap(before);
	if ((c != JOINER && c != NON_JOINER) || !rest.len || !kl_utf8_next(rest, &after))
		return false;
	if (is_of_joining_script(before) && is_of_joining_script(after))
		return true;
	return c == JOINER && IS_WITHIN(before, pictures) && IS_WITHIN(after, pictures);
}

/* Bytes of a flag of England, Scotland or Wales at the front: a black flag and its tags. */
static size_t flag(struct kl_bytes text)
{
	static const char *const flags[] = {
#define TAG(c) "\xf3\xa0\x81" c
#define END    "\xf3\xa0\x81\xbf"
		/* g b e n g */
		"\xf0\x9f\x8f\xb4" TAG("\xa7") TAG("\xa2") TAG("\xa5") TAG("\xae") TAG("\xa7") END,
		/* g b s c t */
		"\xf0\x9f\x8f\xb4" TAG("\xa7") TAG("\xa2") TAG("\xb3") TAG("\xa3") TAG("\xb4") END,
		/* g b w l s */
		"\xf0\x9f\x8f\xb4" TAG("\xa7") TAG("\xa2") TAG("\xb7") TAG("\xac") TAG("\xb3") END,
#undef TAG
#undef END
	};

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		size_t len = strlen(flags[i]);

		if (text.len >= len && !memcmp(text.data, flags[i], len))
			return len;
	}
	return 0;
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
}

static bool is_no_character(uint32_t c)
{
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

/* A character that is well-formed: may it be shown where it stands? */
static bool may_stand(struct kl_harmless *at, uint32_t c, struct kl_bytes rest)
{
	if (IS_WITHIN(c, unseen)) {
		bool may = unseen_may_stand(at->before, c, rest);

		if (c != TEXT_LOOK && c != EMOJI_LOOK)
			at->before = c; /* a joiner joins once */
		return may && ++at->marks <= KL_HARMLESS_MARKS_MAX;
	}
	if (IS_WITHIN(c, marks))
		return ++at->marks <= KL_HARMLESS_MARKS_MAX;
	at->marks = 0;
	at->before = c;
	if (c == '\r')
		return rest.len && rest.data[0] == '\n';
	return !is_control(c) && !is_no_character(c) && c != 0x2028 && c != 0x2029;
}

size_t kl_harmless_next(struct kl_harmless *at, struct kl_bytes text, bool *ret_harmless)
{
	uint32_t c;
	size_t len = kl_utf8_next(text, &c), whole;

	if (!len) {
		*at = (struct kl_harmless){0};
		*ret_harmless = false;
		return 1;
	}
	whole = c == BLACK_FLAG ? flag(text) : 0;
	if (whole) {
		*at = (struct kl_harmless){.before = c};
		*ret_harmless = true;
		return whole;
	}
	*ret_harmless = may_stand(at, c, kl_bytes(text.data + len, text.len - len));
	return len;
}

static bool is_layout(const uint8_t *at)
{
	return *at == '\n' || *at == '\t' || *at == '\r';
}

bool kl_text_is_harmless(struct kl_bytes text, bool lines)
{
	return !kl_text_refuse_harmful(text, lines, "", NULL);
}

/* ---- telling ------------------------------------------------------------------------------- */

static const char *name_of(uint32_t c)
{
	if (c == '\n' || c == '\r')
		return "a line break";
	if (c == '\t')
		return "a tab";
	if (is_control(c))
		return "a control character";
	if (c == 0xad)
		return "a soft hyphen";
	if (c == 0x200b)
		return "a zero-width space";
	if (c == 0xfeff)
		return "a byte order mark";
	if (c == NON_JOINER || c == JOINER)
		return "a joiner that joins nothing";
	if (c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069))
		return "a mark that turns the direction of writing";
	if (c == 0x2028 || c == 0x2029)
		return "a line separator";
	if (IS_WITHIN(c, marks))
		return "one accent too many on a letter";
	return is_no_character(c) ? "no character" : "a character that nobody sees";
}

static int refuse(const char *what, size_t place, struct kl_bytes rest, struct kl_fault *fault)
{
	uint32_t c;

	if (!kl_utf8_next(rest, &c))
		kl_fault(fault, KL_E_INVALID, "%s is not plain text in UTF-8 (character %zu)", what,
			place);
	else
		kl_fault(fault, KL_E_INVALID, "%s: character %zu is %s (U+%04X)", what, place,
			name_of(c), (unsigned)c);
	(void)kl_fault_hint(fault,
		"such characters come along when text is copied; type that place anew, or paste it "
		"without formatting");
	return KL_E_INVALID;
}

int kl_text_refuse_harmful(
	struct kl_bytes text, bool lines, const char *what, struct kl_fault *fault)
{
	struct kl_harmless at = {0};
	bool harmless;
	size_t place = 1;

	for (size_t n; text.len; text = kl_bytes(text.data + n, text.len - n), place++) {
		n = kl_harmless_next(&at, text, &harmless);
		if (!harmless || (is_layout(text.data) && !(lines && text.data[0] == '\n')))
			return refuse(what, place, text, fault);
	}
	return KL_OK;
}

/* ---- showing ------------------------------------------------------------------------------- */

char *kl_text_show(const char *text, bool lines, char *out, size_t size)
{
	struct kl_harmless at = {0};
	struct kl_bytes rest = kl_bytes_str(text);
	size_t used = 0;
	bool harmless;

	for (size_t n; rest.len; rest = kl_bytes(rest.data + n, rest.len - n)) {
		const void *piece = rest.data;
		size_t len;

		len = n = kl_harmless_next(&at, rest, &harmless);
		if (!harmless || (!lines && is_layout(rest.data))) {
			piece = KL_HARMLESS_INSTEAD;
			len = sizeof KL_HARMLESS_INSTEAD - 1;
		}
		if (used + len >= size)
			break;
		memcpy(out + used, piece, len);
		used += len;
	}
	out[used] = '\0';
	return out;
}

void kl_text_drop_unseen(char *text)
{
	struct kl_harmless at = {0};
	struct kl_bytes rest = kl_bytes_str(text);
	char *to = text;
	bool harmless;

	for (size_t n; rest.len; rest = kl_bytes(rest.data + n, rest.len - n)) {
		uint32_t c = 0;

		n = kl_harmless_next(&at, rest, &harmless);
		if (!harmless && kl_utf8_next(rest, &c) && IS_WITHIN(c, unseen))
			continue;
		memmove(to, rest.data, n);
		to += n;
	}
	*to = '\0';
}
