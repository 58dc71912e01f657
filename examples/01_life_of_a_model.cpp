// One recipe through a model's whole life, on real data: read, prepare, expand, train, evaluate, prune, quantize, save,
// export, monitor, fine-tune. Penguins by species first, then the course of diabetes as a number.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <tenon/tenon.hpp>

namespace tn = tenon;

struct penguin
    : tn::schema<
          tn::numeric<"bill_length_mm">, tn::numeric<"bill_depth_mm">, tn::numeric<"flipper_length_mm">,
          tn::numeric<"body_mass_g">, tn::categorical<"island", "Biscoe", "Dream", "Torgersen">,
          tn::categorical<"sex", "female", "male">, tn::label<"species", "Adelie", "Chinstrap", "Gentoo">> {};

struct patient : tn::schema<tn::numeric<"age">, tn::numeric<"sex">, tn::numeric<"bmi">, tn::numeric<"bp">,
                            tn::numeric<"s1">, tn::numeric<"s2">, tn::numeric<"s3">, tn::numeric<"s4">,
                            tn::numeric<"s5">, tn::numeric<"s6">, tn::target<"progression">> {};

namespace {

void title(const std::string& text) {
    std::printf("\n%s\n%s\n", text.c_str(), std::string(text.size(), '-').c_str());
}

/// Rows of the data with one column moved, as after a change of instrument.
template <class S>
tn::dataset<S> shifted(tn::dataset<S> data, std::size_t column, double by) {
    for (std::size_t r = 0; r < data.size(); ++r) data.values()(r, column) += by;
    return data;
}

/// Compiles the generated header as a program of its own, runs it over the rows and compares every answer.
template <class P>
std::string header_agrees(const P& model, const tn::dataset<typename P::schema_type>& data,
                          const std::string& name) {
    {
        std::ofstream program(name + "_main.cpp");
        program << "#include <cstdio>\n#include \"" << name << ".hpp\"\n"
                << "int main() {\n    double x[" << P::width << "];\n    for (;;) {\n"
                << "        for (double& v : x)\n            if (std::scanf(\"%lf\", &v) != 1) return 0;\n"
                << "        std::printf(\"%.17g\\n\", double(" << name << "::predict(x)));\n    }\n}\n";
        std::ofstream rows(name + "_rows.txt");
        rows.precision(17);
        for (std::size_t r = 0; r < data.size(); ++r)
            for (double v : data.row(r)) rows << v << '\n';
    }
    const char* const compiler = std::getenv("CXX");
    const std::string build = std::string(compiler ? compiler : "c++") + " -std=c++17 -O1 " + name +
                              "_main.cpp -o " + name + "_main && ./" + name + "_main < " + name +
                              "_rows.txt > " + name + "_answers.txt";
    if (std::system(build.c_str()) != 0) return "no compiler at hand to check it with";
    std::ifstream answers(name + "_answers.txt");
    std::size_t equal = 0;
    double answer = 0;
    for (std::size_t r = 0; r < data.size() && answers >> answer; ++r)
        equal += answer == static_cast<double>(model(data.row(r)));
    return std::to_string(equal) + " of " + std::to_string(data.size()) + " answers equal the library's";
}

template <class Recipe, class Retrain, class S, class Metrics>
int live(const std::string& name, const Recipe& recipe, const Retrain& retrain, const tn::split_data<S>& data,
         const Metrics& metrics, std::size_t moved_column, double moved_by) {
    const auto& [train, test] = data;

    title("train on " + std::to_string(train.size()) + " rows");
    const auto dense = recipe.fit(train);
    const auto pruned = tn::compress(dense, train, tn::prune(tn::by_magnitude, 0.5));
    const auto small = tn::compress(pruned, train, tn::quantize<std::int8_t>());
    std::printf("%zu features out of %zu columns, seed %llu\n", dense.feature_count(),
                dense.record().schema.columns.size(), static_cast<unsigned long long>(dense.record().seed));

    title("evaluate and compress");
    const auto table = tn::compare(test, metrics, tn::named("dense", dense), tn::named("pruned", pruned),
                                   tn::named("int8", small));
    std::printf("%s", table.text().c_str());

    title("deploy");
    tn::save(small, name + ".tenon", table);
    const auto again = tn::load<std::remove_cv_t<decltype(small)>>(name + ".tenon");
    std::size_t equal = 0;
    for (std::size_t r = 0; r < test.size(); ++r) equal += again(test.row(r)) == small(test.row(r));
    tn::write_header(small, name + ".hpp", name);
    std::printf("artifact %s.tenon: %zu of %zu answers equal after loading\n", name.c_str(), equal,
                test.size());
    std::printf("header   %s.hpp: %s\n", name.c_str(), header_agrees(small, test, name).c_str());

    title("monitor");
    tn::drift_monitor watch(dense);
    watch.observe(test.x());
    std::printf("%s", watch.report().text().c_str());
    const bool quiet = !watch.report().is_alarm();
    const std::string column = train.info().columns[moved_column].name;
    const auto moved_train = shifted(train, moved_column, moved_by),
               moved_test = shifted(test, moved_column, moved_by);
    watch.reset();
    watch.observe(moved_test.x());
    std::printf("\nthe same rows with %s moved by %g:\n%s", column.c_str(), moved_by,
                watch.report().text().c_str());
    const bool alarmed = watch.report().is_alarm();

    title("fine-tune on the moved rows");
    const auto tuned = tn::fine_tune(dense, moved_train, retrain);
    std::printf("%s", tn::compare(moved_test, metrics, tn::named("before", dense), tn::named("after", tuned))
                          .text()
                          .c_str());
    return equal == test.size() && quiet && alarmed ? 0 : 1;
}

} // namespace

int main() {
    const std::string folder = TENON_EXAMPLE_DATA;

    title("penguins.csv");
    const auto penguins = tn::read_csv<penguin>(folder + "/penguins.csv");
    std::printf("%s", tn::summarize(penguins).text().c_str());
    const auto by_species =
        tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::mlp<32>(tn::relu) |
        tn::minimize(tn::cross_entropy(), tn::adam(3e-3),
                     {.epochs = 150, .batch_size = 32, .seed = 7, .show = tn::progress::on});
    const int species =
        live("penguins", by_species,
             tn::minimize(tn::cross_entropy(), tn::adam(3e-3), {.epochs = 60, .seed = 7}, tn::l2_sp(1e-3)),
             tn::stratified_split(penguins, 0.7, tn::seed{7}), tn::metrics(tn::accuracy(), tn::f1()), 0, 8.0);

    title("diabetes.csv");
    const auto patients = tn::read_csv<patient>(folder + "/diabetes.csv");
    std::printf("%s", tn::summarize(patients).text().c_str());
    const auto by_number =
        tn::standardize() | tn::polynomial<2>() | tn::mlp<16>(tn::tanh) |
        tn::minimize(tn::squared_error(), tn::adam(1e-3),
                     {.epochs = 60, .batch_size = 32, .seed = 7, .show = tn::progress::on}, tn::l2(3e-2));
    const int progression =
        live("diabetes", by_number,
             tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 60, .seed = 7}, tn::l2_sp(1e-2)),
             tn::split(patients, 0.7, tn::seed{7}), tn::metrics(tn::r2(), tn::rmse()), 2, 6.0);
    return species + progression;
}
