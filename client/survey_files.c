#include "client/survey_files.h"
#include "client/book.h"
#include "client/new_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { SLUG_MAX = 40, PATH_TEXT_MAX = KL_NEW_FILE_PATH_MAX };

const char *kl_survey_stem(size_t number, const char *supplier, char out[KL_SURVEY_STEM_MAX])
{
	int n = snprintf(out, KL_SURVEY_STEM_MAX, "%04zu", number);
	size_t to = (size_t)n, end = to + SLUG_MAX;
	bool gap = true;

	for (; *supplier && to < end; supplier++) {
		char c = *supplier;

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
			gap = true;
			continue;
		}
		if (gap)
			out[to++] = '-';
		gap = false;
		out[to++] = c;
	}
	out[to] = '\0';
	return out;
}

/* ---- the folder ---------------------------------------------------------------------------- */

static bool is_empty(DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return false;
	return true;
}

int kl_survey_check_folder(const char *folder, struct kl_fault *fault)
{
	DIR *dir = opendir(folder);
	bool empty;

	if (!dir && errno == ENOENT)
		return KL_OK;
	if (!dir && errno == ENOTDIR)
		return kl_fault(fault, KL_E_IO, "%s: is a file, not a folder", folder);
	if (!dir)
		return kl_fault(fault, KL_E_IO, "%s: %s", folder, strerror(errno));
	empty = is_empty(dir);
	closedir(dir);
	if (empty)
		return KL_OK;
	kl_fault(fault, KL_E_IO, "%s: there are files in it, and nothing is written over", folder);
	return kl_fault_hint(fault, "name a new folder");
}

/* A file of the folder, or a folder in it. */
static int path_of(const struct kl_survey_plan *plan, const char *inside, char out[PATH_TEXT_MAX],
	struct kl_fault *fault)
{
	int n = snprintf(out, PATH_TEXT_MAX, "%s/%s", plan->folder, inside);

	return n > 0 && n < PATH_TEXT_MAX
		       ? KL_OK
		       : kl_fault(fault, KL_E_TOO_BIG, "%.100s..: too long a name", plan->folder);
}

static int make_folder(const char *path, struct kl_fault *fault)
{
	if (!mkdir(path, 0777) || errno == EEXIST)
		return KL_OK;
	kl_fault(fault, KL_E_IO, "%s: cannot be made: %s", path, strerror(errno));
	return kl_fault_hint(fault, "name a new folder inside of one that is there");
}

static int make_folders(const struct kl_survey_plan *plan, struct kl_fault *fault)
{
	static const char *const inside[] = {"letters", "forms"};
	char path[PATH_TEXT_MAX];
	int rc = kl_survey_check_folder(plan->folder, fault);

	if (!rc)
		rc = make_folder(plan->folder, fault);
	for (int i = 0; !rc && i < 2; i++) {
		rc = path_of(plan, inside[i], path, fault);
		if (!rc)
			rc = make_folder(path, fault);
	}
	return rc;
}

/* ---- tables -------------------------------------------------------------------------------- */

static const char *const yes_no[] = {"yes", "no", NULL};

static const struct kl_book_column answer_columns[] = {
	{"supplier", KL_BOOK_TEXT, .width = 40, .note = "as it stands here: please leave it"},
	{"respent_locally", KL_BOOK_SHARE, .width = 18,
		.note = "of what you take in, the share that you spend again in the area: 45% or "
			"0.45"},
	{"local", KL_BOOK_TEXT, .width = 10, .choices = yes_no,
		.note = "whether your place of business is in the area: yes or no"},
};

static const char *extension(const struct kl_survey_plan *plan)
{
	return plan->csv ? "csv" : "xlsx";
}

static void add_row(struct kl_book *book, const struct kl_survey_person *person)
{
	kl_book_text(book, person->supplier);
	kl_book_skip(book);
	kl_book_skip(book);
	kl_book_end_row(book);
}

/* The rows of these people, to be filled in. */
static int write_form(const struct kl_survey_plan *plan, const char *path,
	const struct kl_survey_person *people, size_t count, struct kl_fault *fault)
{
	char who[600], where[800];
	const char *const lines[] = {who, where, NULL};
	const struct kl_book_sheet sheet = {.name = "Answers",
		.lines = lines,
		.columns = answer_columns,
		.count = 3,
		.form = true};
	struct kl_book *book;
	int rc = kl_book_new(path, fault, &book);

	if (rc)
		return rc;
	snprintf(who, sizeof who,
		"%.200s asks for %.200s: of what you take in, which share do you spend "
		"again in the area?",
		plan->letter.from, plan->letter.project);
	snprintf(where, sizeof where,
		"The area is %.200s. Count pay of people who live there, suppliers there, and "
		"other "
		"costs that stay there; a fair guess is enough.%s%.200s",
		plan->letter.area, plan->letter.reply_to[0] ? " Please return this file to " : "",
		plan->letter.reply_to);
	kl_book_begin(book, &sheet);
	for (size_t i = 0; i < count; i++)
		add_row(book, &people[i]);
	rc = kl_book_finish(book, fault);
	kl_book_close(book);
	return rc;
}

static int write_answers(const struct kl_survey_plan *plan, struct kl_fault *fault)
{
	char path[PATH_TEXT_MAX], name[32];
	int rc;

	snprintf(name, sizeof name, "answers.%s", extension(plan));
	rc = path_of(plan, name, path, fault);
	return rc ? rc : write_form(plan, path, plan->people, plan->count, fault);
}

static int write_merge(const struct kl_survey_plan *plan, struct kl_fault *fault)
{
	static const struct kl_book_column columns[] = {{"contact", KL_BOOK_TEXT},
		{"email", KL_BOOK_TEXT}, {"supplier", KL_BOOK_TEXT}, {"letter", KL_BOOK_TEXT},
		{"form", KL_BOOK_TEXT}};
	static const struct kl_book_sheet sheet = {
		.name = "Mail merge", .columns = columns, .count = 5};
	char path[PATH_TEXT_MAX], stem[KL_SURVEY_STEM_MAX], name[KL_SURVEY_STEM_MAX + 16];
	struct kl_book *book;
	int rc = path_of(plan, "mail-merge.csv", path, fault);

	if (!rc)
		rc = kl_book_new(path, fault, &book);
	if (rc)
		return rc;
	kl_book_begin(book, &sheet);
	for (size_t i = 0; i < plan->count; i++) {
		const struct kl_survey_person *person = &plan->people[i];

		kl_survey_stem(i + 1, person->supplier, stem);
		kl_book_text(book, person->contact);
		kl_book_text(book, person->email);
		kl_book_text(book, person->supplier);
		snprintf(name, sizeof name, "letters/%s.html", stem);
		kl_book_text(book, name);
		snprintf(name, sizeof name, "forms/%s.%s", stem, extension(plan));
		kl_book_text(book, name);
		kl_book_end_row(book);
	}
	rc = kl_book_finish(book, fault);
	kl_book_close(book);
	return rc;
}

/* ---- letters ------------------------------------------------------------------------------- */

static int write_letter(const struct kl_survey_plan *plan, const char *path,
	const struct kl_survey_person *person, struct kl_fault *fault)
{
	struct kl_letter letter = plan->letter;
	struct kl_new_file file = {.out = NULL};
	int rc = kl_new_file_begin(&file, path, fault);

	if (rc)
		return rc;
	letter.supplier = person->supplier;
	letter.contact = person->contact;
	(void)kl_letter_write(file.out, &letter); /* what fails is told by the next call */
	rc = kl_new_file_keep(&file, fault);
	kl_new_file_drop(&file);
	return rc;
}

static int write_person(const struct kl_survey_plan *plan, size_t index, struct kl_fault *fault)
{
	const struct kl_survey_person *person = &plan->people[index];
	char stem[KL_SURVEY_STEM_MAX], name[KL_SURVEY_STEM_MAX + 16], path[PATH_TEXT_MAX];
	int rc;

	kl_survey_stem(index + 1, person->supplier, stem);
	snprintf(name, sizeof name, "letters/%s.html", stem);
	rc = path_of(plan, name, path, fault);
	if (!rc)
		rc = write_letter(plan, path, person, fault);
	if (rc)
		return rc;
	snprintf(name, sizeof name, "forms/%s.%s", stem, extension(plan));
	rc = path_of(plan, name, path, fault);
	return rc ? rc : write_form(plan, path, person, 1, fault);
}

int kl_survey_write(const struct kl_survey_plan *plan, struct kl_fault *fault)
{
	int rc = make_folders(plan, fault);

	for (size_t i = 0; !rc && i < plan->count; i++) {
		rc = write_person(plan, i, fault);
		if (plan->progress)
			plan->progress(plan->data, i + 1, plan->count);
	}
	if (!rc)
		rc = write_answers(plan, fault);
	return rc ? rc : write_merge(plan, fault);
}
