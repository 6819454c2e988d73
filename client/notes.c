#include "client/notes.h"

void kl_tell_notes(struct kl_cli *cli, const struct kl_sheet *sheet)
{
	for (unsigned i = 0; i < kl_sheet_notes(sheet); i++)
		fprintf(cli->err, "keeplocal: %s: %s\n", kl_sheet_name(sheet),
			kl_sheet_note(sheet, i));
}
