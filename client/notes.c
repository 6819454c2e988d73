#include "client/notes.h"

void kl_print_notes(FILE *out, const struct kl_sheet *sheet)
{
	for (unsigned i = 0; i < kl_sheet_notes(sheet); i++)
		fprintf(out, "keeplocal: %s: %s\n", kl_sheet_name(sheet), kl_sheet_note(sheet, i));
}

void kl_tell_notes(struct kl_cli *cli, const struct kl_sheet *sheet)
{
	kl_print_notes(cli->err, sheet);
}
