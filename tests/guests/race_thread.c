/* race_thread: another thread of the process changes the bytes of the argument, in the memory that both have. */
#include "race.h"

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_PRIVATE, CLONE_THREAD, arrange_word, NULL, flip_word });
}
