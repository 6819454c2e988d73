#include "core/names.h"
#include "core/bytes.h"
#include "core/error.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIRST_SLOTS = 1 << 8, FIRST_TEXT = 1 << 12, EMPTY = 0 };

/* Names stand one after the other in `text`, each with its final zero. A slot holds number + 1. */
struct kl_names {
	char *text;
	size_t text_len, text_size;
	struct entry {
		uint64_t hash;
		size_t at;
	} * entries;
	uint32_t *slots;
	size_t count, slot_count;
	bool keys; /* names are keys already */
};

/* The small letter of a two-byte letter of UTF-8 from Latin-1 or Latin Extended-A (Welsh, Irish,
 * Polish and most other names in Latin script), in place. */
static void fold_latin(unsigned char pair[2])
{
	unsigned c = (unsigned)(pair[0] & 0x1f) << 6 | (pair[1] & 0x3f);

	if (c >= 0xc0 && c <= 0xde && c != 0xd7)
		c += 0x20;
	else if (c == 0x178)
		c = 0xff;
	else if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		c += c & 1;
	else if (c >= 0x100 && c <= 0x177 && c != 0x130 && c != 0x131 && c != 0x138)
		c |= 1;
	pair[0] = (unsigned char)(0xc0 | c >> 6);
	pair[1] = (unsigned char)(0x80 | (c & 0x3f));
}

static bool is_blank(const char *at, size_t *ret_len)
{
	*ret_len = 1;
	if (isspace((unsigned char)*at))
		return true;
	*ret_len = 2;
	return (unsigned char)at[0] == 0xc2 && (unsigned char)at[1] == 0xa0; /* no-break space */
}

static bool ends_with(const char *text, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len > n && memcmp(text + len - n, end, n) == 0;
}

const char *kl_name_key(const char *name, char out[KL_NAME_MAX])
{
	size_t to = 0, skip;
	bool gap = false;

	for (const char *at = name; *at;) {
		unsigned char pair[2] = {(unsigned char)at[0], (unsigned char)at[1]};
		bool two = pair[0] >= 0xc3 && pair[0] <= 0xc5 && (pair[1] & 0xc0) == 0x80;

		if (is_blank(at, &skip)) {
			gap = to > 0;
			at += skip;
			continue;
		}
		if (to + gap + 2 >= KL_NAME_MAX)
			break;
		if (gap)
			out[to++] = ' ';
		gap = false;
		if (two) {
			fold_latin(pair);
			out[to++] = (char)pair[0];
			out[to++] = (char)pair[1];
			at += 2;
		} else {
			out[to++] = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
			at++;
		}
	}
	while (to && (out[to - 1] == '.' || out[to - 1] == ' '))
		to--;
	if (ends_with(out, to, " limited"))
		to -= strlen("imited");
	else if (ends_with(out, to, " ltd"))
		to -= strlen("td");
	else {
		out[to] = '\0';
		return out;
	}
	memcpy(out + to, "td", sizeof "td");
	return out;
}

/* ---- loose keys ------------------------------------------------------------------------------ */

/* Where "t/a" begins, and its length; NULL if it does not stand there. */
static const char *find_mark(const char *name, size_t *ret_len)
{
	static const char *const marks[] = {" t/a ", " trading as ", " t/as "};

	for (const char *at = name; (at = strchr(at, ' ')); at++) /* each begins with a blank */
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
			if ((at[1] | 0x20) != 't') /* as all of them go on */
				break;
			*ret_len = strlen(marks[i]);
			if (!strncasecmp(at, marks[i], *ret_len))
				return at;
		}
	return NULL;
}

const char *kl_name_trading(const char *name)
{
	size_t len;
	const char *mark = find_mark(name, &len);

	return mark ? mark + len : "";
}

/* Cuts the last word off if it is a form of company, but never the only word. */
static bool cut_form(char *key, size_t *len)
{
	static const char *const forms[] = {
		" ltd", " limited", " plc", " llp", " cic", " cio", " co", " company", " inc"};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (ends_with(key, *len, forms[i])) {
			*len -= strlen(forms[i]);
			key[*len] = '\0';
			return true;
		}
	return false;
}

/* Characters to skip at an apostrophe or a full stop, which part no words; else 0. */
static size_t left_out(const char *at)
{
	if (*at == '\'' || *at == '.')
		return 1;
	return !strncmp(at, "\xe2\x80\x99", 3) ? 3 : 0; /* the printed apostrophe */
}

/* The letter without its accent, for a small letter of Latin-1 or Latin Extended-A; 0 if it has none
 * such as one letter. */
static char without_accent(const char *at)
{
	static const char latin1[] = "aaaaaa?ceeeeiiiidnooooo?ouuuuy?y";
	static const char extended[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii??jjkk?"
				       "llllllllllnnnnnn???oooooo??rrrrrrssssssssttttttuuuuuuuuuuuu"
				       "wwyyyzzzzzzs";
	unsigned char one = (unsigned char)at[0], two = (unsigned char)at[1];
	unsigned code = (unsigned)(one & 0x1f) << 6 | (two & 0x3f);
	char letter = '?';

	if (one < 0xc3 || one > 0xc5 || (two & 0xc0) != 0x80)
		return 0;
	if (code >= 0xe0 && code <= 0xff)
		letter = latin1[code - 0xe0];
	else if (code >= 0x100)
		letter = extended[code - 0x100];
	return letter == '?' ? 0 : letter;
}

/* Letters without accents and digits as they are, "and" for its signs, and one blank for what parts words. */
static size_t words_only(const char *at, const char *end, char out[KL_NAME_MAX])
{
	size_t n = 0, skip;

	for (; at < end && n + sizeof " and " < KL_NAME_MAX; at += skip ? skip : 1) {
		bool gap = n && out[n - 1] != ' ';
		char letter;

		skip = left_out(at);
		if (skip)
			continue;
		letter = without_accent(at);
		if (letter) {
			out[n++] = letter;
			skip = 2;
			continue;
		}
		if (isalnum((unsigned char)*at) || (unsigned char)*at >= 0x80) {
			out[n++] = *at;
			continue;
		}
		if (gap)
			out[n++] = ' ';
		if (*at == '&' || *at == '+') {
			memcpy(out + n, "and ", 4);
			n += 4;
		}
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return n;
}

const char *kl_name_words(const char *text, char out[KL_NAME_MAX])
{
	char key[KL_NAME_MAX];

	kl_name_key(text, key);
	(void)words_only(key, key + strlen(key), out);
	return out;
}

const char *kl_name_loose(const char *name, char out[KL_NAME_MAX])
{
	char key[KL_NAME_MAX];
	const char *end;
	size_t n, skip;

	kl_name_key(name, key);
	end = find_mark(key, &n);
	n = words_only(key, end ? end : key + strlen(key), out);
	while (cut_form(out, &n))
		continue;
	skip = !strncmp(out, "the ", 4) ? 4 : 0;
	memmove(out, out + skip, n - skip + 1);
	return out[0] ? out : memcpy(out, key, sizeof key);
}

struct kl_names *kl_names_new(void)
{
	struct kl_names *names = calloc(1, sizeof *names);

	if (!names)
		return NULL;
	names->slots = calloc(FIRST_SLOTS, sizeof *names->slots);
	names->entries = calloc(FIRST_SLOTS / 2, sizeof *names->entries);
	names->text = calloc(1, FIRST_TEXT);
	names->slot_count = FIRST_SLOTS;
	names->text_size = FIRST_TEXT;
	if (names->slots && names->entries && names->text)
		return names;
	kl_names_destroy(names);
	return NULL;
}

struct kl_names *kl_names_new_of_keys(void)
{
	struct kl_names *names = kl_names_new();

	if (names)
		names->keys = true;
	return names;
}

void kl_names_destroy(struct kl_names *names)
{
	if (!names)
		return;
	free(names->text);
	free(names->entries);
	free(names->slots);
	free(names);
}

/* FNV-1a with a final stir, since the low bits choose the slot. */
static uint64_t hash_of(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * UINT64_C(0x100000001b3);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

/* Slots double when half of them are taken, so that a search stays short. */
static int grow(struct kl_names *names)
{
	size_t slot_count = names->slot_count * 2;
	struct entry *entries = realloc(names->entries, slot_count / 2 * sizeof *entries);
	uint32_t *slots;

	if (!entries)
		return KL_E_NOMEM;
	names->entries = entries;
	slots = calloc(slot_count, sizeof *slots);
	if (!slots)
		return KL_E_NOMEM;
	for (size_t i = 0; i < names->count; i++) {
		size_t s = (size_t)entries[i].hash & (slot_count - 1);

		while (slots[s] != EMPTY)
			s = (s + 1) & (slot_count - 1);
		slots[s] = (uint32_t)i + 1;
	}
	free(names->slots);
	names->slots = slots;
	names->slot_count = slot_count;
	return KL_OK;
}

static int room_for_text(struct kl_names *names, size_t len)
{
	size_t size = names->text_size;
	char *text;

	while (size - names->text_len < len)
		size *= 2;
	if (size == names->text_size)
		return KL_OK;
	text = realloc(names->text, size);
	if (!text)
		return KL_E_NOMEM;
	names->text = text;
	names->text_size = size;
	return KL_OK;
}

static int append(struct kl_names *names, const char *name, uint64_t hash, size_t slot)
{
	struct entry *entry = &names->entries[names->count];
	char cut[KL_NAME_MAX];
	size_t len;
	int rc;

	(void)kl_copy_text(cut, sizeof cut, name);
	len = strlen(cut) + 1;
	rc = room_for_text(names, len);
	if (rc)
		return rc;
	memcpy(names->text + names->text_len, cut, len);
	*entry = (struct entry){hash, names->text_len};
	names->text_len += len;
	names->slots[slot] = (uint32_t)++names->count;
	return KL_OK;
}

/* The key of a name of this table: `out`, or the name itself. */
static const char *key_in(const struct kl_names *names, const char *name, char out[KL_NAME_MAX])
{
	return names->keys ? name : kl_name_key(name, out);
}

/* The number of the name with this key, or -1 and the free slot where the search ended. */
static int64_t look(const struct kl_names *names, const char *name, const char *key, uint64_t hash,
	size_t *ret_slot, bool *ret_same)
{
	size_t slot = (size_t)hash & (names->slot_count - 1);
	char other[KL_NAME_MAX];

	for (uint32_t n; (n = names->slots[slot]) != EMPTY;
		slot = (slot + 1) & (names->slot_count - 1)) {
		const char *there = names->text + names->entries[n - 1].at;

		if (names->entries[n - 1].hash != hash)
			continue;
		*ret_same = strcmp(there, name) == 0;
		if (*ret_same || strcmp(key_in(names, there, other), key) == 0)
			return n - 1;
	}
	*ret_slot = slot;
	return -1;
}

int kl_names_find(const struct kl_names *names, const char *name, uint32_t *ret_number)
{
	char own[KL_NAME_MAX];
	const char *key = key_in(names, name, own);
	uint64_t hash = hash_of(key);
	size_t slot;
	bool same;
	int64_t found = look(names, name, key, hash, &slot, &same);

	if (found < 0)
		return KL_E_NOT_FOUND;
	*ret_number = (uint32_t)found;
	return KL_OK;
}

int kl_names_add(struct kl_names *names, const char *name, struct kl_names_found *ret_found)
{
	char own[KL_NAME_MAX];
	const char *key = key_in(names, name, own);
	uint64_t hash = hash_of(key);
	int64_t found;
	size_t slot;
	bool same;
	int rc;

	if (names->count == names->slot_count / 2) {
		if (names->count >= KL_NAMES_MAX)
			return KL_E_TOO_BIG;
		rc = grow(names);
		if (rc)
			return rc;
	}
	found = look(names, name, key, hash, &slot, &same);
	if (found >= 0) {
		*ret_found = (struct kl_names_found){(uint32_t)found, false, !same};
		return KL_OK;
	}
	rc = append(names, name, hash, slot);
	if (rc)
		return rc;
	*ret_found = (struct kl_names_found){(uint32_t)names->count - 1, true, false};
	return KL_OK;
}

size_t kl_names_count(const struct kl_names *names)
{
	return names->count;
}

const char *kl_names_at(const struct kl_names *names, uint32_t number)
{
	KL_ASSERT(number < names->count);
	return names->text + names->entries[number].at;
}
