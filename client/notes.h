/* What there is to tell about a file that came in: unknown columns, odd addresses. */
#ifndef KL_CLIENT_NOTES_H
#define KL_CLIENT_NOTES_H

#include "client/cli.h"
#include "client/sheet.h"

/* One line each on standard error, so that results stay what they are. */
void kl_print_notes(FILE *out, const struct kl_sheet *sheet);
void kl_tell_notes(struct kl_cli *cli, const struct kl_sheet *sheet);

#endif
