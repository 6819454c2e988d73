/* A file that comes into being whole, or not at all, and never over one that is there unless that was
 * asked for.
 *
 * It is written under a name of its own beside the one that it will have; only what is complete and
 * on the disk gets that name. Whatever happens before, an error, a full disk or Ctrl-C, leaves
 * nothing behind. */
#ifndef KL_CLIENT_NEW_FILE_H
#define KL_CLIENT_NEW_FILE_H

#include "core/error.h"

#include <stdbool.h>
#include <stdio.h>

enum { KL_NEW_FILE_PATH_MAX = 1024 };

struct kl_new_file {
	char path[KL_NEW_FILE_PATH_MAX];      /* the name that it will have */
	char part[KL_NEW_FILE_PATH_MAX + 16]; /* the name while it is written; "" when it is over */
	FILE *out;
	bool over; /* a file called so may be there: it stays as it is until this one is whole */
};

/* Begins to write; `file->out` is open. KL_E_IO if there is something called so, or it cannot be
 * written; KL_E_TOO_BIG for a name that is too long. */
int kl_new_file_begin(struct kl_new_file *file, const char *path, struct kl_fault *fault);

/* The same, over a file that may be there. KL_E_IO for a folder. */
int kl_new_file_begin_over(struct kl_new_file *file, const char *path, struct kl_fault *fault);

/* Gives the file its name; closes `file->out`. KL_E_IO if not all of it could be written, or the
 * name has been taken meanwhile: then nothing is left. */
int kl_new_file_keep(struct kl_new_file *file, struct kl_fault *fault);

/* Removes what was written, unless it was kept; harmless on a zeroed struct. */
void kl_new_file_drop(struct kl_new_file *file);

/* Removes the part that is being written; for signal handlers. */
void kl_new_file_interrupted(void);

#endif
