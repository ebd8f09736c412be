/* race_shared_page: a forked process, with a memory of its own, changes the bytes of the argument through a page that both have mapped MAP_SHARED. */
#include "race.h"

int main(int argc, char **argv)
{
    return race(argc, argv, &(struct mechanism){ MAP_SHARED, 0, arrange_word, NULL, flip_word });
}
