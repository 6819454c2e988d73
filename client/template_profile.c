#include "client/template.h"
#include "core/form.h"

#include <stdio.h>
#include <string.h>

static const struct kl_book_column columns[] = {
	{"profile field", KL_BOOK_TEXT, .width = 24,
		.note = "Leave it as it is: by this the row is known."},
	{"value", KL_BOOK_TEXT, .width = 44,
		.note = "What you say in public; an empty cell leaves the field as it is."},
	{"what", KL_BOOK_TEXT, .width = 34},
	{"who says it", KL_BOOK_TEXT, .width = 16},
	{"expected", KL_BOOK_TEXT, .width = 100},
};

enum { WORDS_MAX = 700 };

static const char *words_of(const struct kl_slug *words, char out[WORDS_MAX])
{
	size_t n = 0;

	for (; words->slug && n < WORDS_MAX; words++)
		n += (size_t)snprintf(
			out + n, WORDS_MAX - n, "%s%s", n ? ", or " : "", words->name);
	return out;
}

static const char *expected(const struct kl_form_field *field, char out[WORDS_MAX])
{
	switch (field->sort) {
	case KL_FORM_KIND:
		return "council, anchor or convenor";
	case KL_FORM_SLUG:
		return words_of(field->words, out);
	case KL_FORM_GSS:
		return "a code of the Office for National Statistics such as E08000032; of an "
		       "anchor: of the council area it works in";
	case KL_FORM_ORG_ID:
		return "as registers have it: GB-CHC-1036460 (charity), GB-COH-04113525 (company); "
		       "several apart by ;";
	case KL_FORM_WEB:
		return "begins with https://";
	case KL_FORM_COUNT:
		return "a whole number";
	case KL_FORM_TENTHS:
		return "a number with one decimal at most";
	case KL_FORM_FIFTH:
		return "1 (most deprived) to 5 (least)";
	case KL_FORM_LIST:
		return "several, apart by ;";
	default:
		return "one line";
	}
}

static const char *who(size_t i)
{
	bool council = kl_profile_field_is_for(i, KL_MEMBER_COUNCIL);

	if (council && kl_profile_field_is_for(i, KL_MEMBER_ANCHOR))
		return "everybody";
	return council ? "councils" : "anchors";
}

/* Name and kind are chosen once, and the further identifiers stand in org_id with the first. */
static bool is_asked(const struct kl_form_field *field)
{
	return strcmp(field->name, "kind") != 0 && strcmp(field->name, "other_org_ids") != 0;
}

static void rows(struct kl_book *book)
{
	const struct kl_form_field *field;
	char text[WORDS_MAX];
	size_t base;

	for (size_t i = 0; (field = kl_profile_form(i, &base)) != NULL; i++) {
		if (!is_asked(field))
			continue;
		kl_book_text(book, field->name);
		kl_book_text(book, "");
		kl_book_text(book, field->label);
		kl_book_text(book, who(i));
		kl_book_text(book, expected(field, text));
		kl_book_end_row(book);
	}
}

static const char *const notes[] = {
	"Everything in this table is public once it is published: it is shown to you before.",
	"A table of councils fills some of it: keeplocal reference import FILE, then keeplocal "
	"profile fill.",
	"Save the file, then: keeplocal profile import FILE", NULL};

const struct kl_template kl_template_profile = {
	.name = "profile",
	.use = "for 'profile import': what a council or an anchor says of itself",
	.title = "What we say of ourselves in public: fill in the column 'value'",
	.sheet = {.name = "Profile", .columns = columns, .count = sizeof columns / sizeof *columns},
	.rows = rows,
	.notes = notes,
};
