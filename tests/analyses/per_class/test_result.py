"""What is said of syndromes, in older files too."""

import json

from skknn_syndrome.analyses.per_class.result import Evaluation, TopK
from tests.rendering.full_study import make_evaluation


def test_a_file_of_the_first_version_loads_without_top_k() -> None:
    document = json.loads(make_evaluation(["alpha", "beta"]).model_dump_json())
    del document["mean_top_k"]
    for row in document["per_syndrome"]:
        del row["top_k"]
    loaded = Evaluation.model_validate_json(json.dumps(document))
    assert loaded == make_evaluation(["alpha", "beta"])
    assert loaded.mean_top_k == loaded.per_syndrome[0].top_k == ()


def test_top_k_goes_to_json_and_back() -> None:
    entry = TopK(k=3, accuracy=0.5, lower=0.25, upper=0.75)
    evaluation = make_evaluation(["alpha", "beta"]).model_copy(update={"mean_top_k": (entry,)})
    assert Evaluation.model_validate_json(evaluation.model_dump_json()) == evaluation
