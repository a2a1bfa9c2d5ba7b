"""Checks of the data: simulated embeddings, missing subject ids."""

from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable


class SimulatedData(StudyCheck):
    """Embeddings that a program made up: scores on them say nothing about people."""

    code, name, title = "SK001", "simulated_data", "Simulated embeddings"
    severity = "issue"
    remedy = "Run the study on embeddings of real images."

    def look(self, context: CheckContext) -> Finding:
        """Ask the data set what it is."""
        if not context.origin_known:
            return not_applicable("Arrays do not tell; study_dataset(data) does.")
        said = (
            "The embeddings are simulated: the figures show how the program works, and nothing about people."
        )
        simulated = context.dataset.simulated
        return judge([said] * simulated, {}, otherwise="The data set is not marked as simulated.")


class NoSubjects(StudyCheck):
    """Images without subject ids: folds can't keep a subject's images together."""

    code, name, title = "SK002", "no_subjects", "Missing subject ids"
    severity = "issue"
    remedy = "Give subject ids (a column, or groups), so that folds keep each subject's images together."

    def look(self, context: CheckContext) -> Finding:
        """Ask the data set for its subjects."""
        n_subjects = context.dataset.n_subjects
        if n_subjects is not None:
            return judge([], {"n_subjects": n_subjects}, otherwise="Every image has a subject id.")
        said = (
            "Without subject ids, images of one person may lie in training and test part alike, "
            "and every score may be too high for new people."
        )
        return judge([said], {"n_images": context.dataset.n_images}, otherwise="")
