// A program outside the tree: consumer <penguins.csv>
#include <tenon/tenon.hpp>

int main(int argc, char**) {
    return argc == 2 ? 0 : 1;
}
