"""Your number: the number itself, where to wait, how long about, and what became of the paper."""

from PySide6.QtCore import QTimer, Signal

from kiosk.desk import Issued, Paper
from kiosk.screens.aloud_ticket import number_aloud
from kiosk.screens.number_easy import EasyFace
from kiosk.screens.number_face import TROUBLE, UsualFace
from kiosk.screens.screen import Scene, Screen
from kiosk.visit import SECONDS, TROUBLE_SECONDS


class Number(Screen):
    """The last screen; says `finished` when its countdown ends or the visitor is done."""

    finished = Signal()
    has_back = False

    def __init__(
        self, scene: Scene, issued: Issued, seconds: int = SECONDS, trouble_seconds: int = TROUBLE_SECONDS
    ) -> None:
        super().__init__(scene)
        self.issued, self.paper, self._trouble_seconds = issued, Paper.WAITING, trouble_seconds
        self.seconds_left = self._whole = seconds
        self.frame()
        self._face: UsualFace | EasyFace = EasyFace(self, issued) if self.easy else UsualFace(self, issued)
        self._more, done = self._face.keys(seconds)
        self._more.clicked.connect(self.extend)
        done.clicked.connect(self.finished)
        self.show_paper(Paper.WAITING)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.count_down)
        self._second.start()

    def spoken(self) -> tuple[str, ...]:
        """What is said when the screen comes."""
        return number_aloud(self.scene, self.issued, self.paper)

    def count_down(self) -> None:
        """One second less; says `finished` at none."""
        self._set(self.seconds_left - 1)
        if self.seconds_left <= 0:
            self._second.stop()
            self.finished.emit()

    def extend(self) -> None:
        """Start the countdown anew, as any touch does."""
        self._set(self._whole)

    def _set(self, seconds: int) -> None:
        self.seconds_left = max(seconds, 0)
        self._more.count(self.seconds_left, self._whole)

    def show_paper(self, paper: Paper) -> None:
        """Say what became of the paper; trouble says first what stays true, and gives more time."""
        self.paper = paper
        if paper in TROUBLE and self._whole < self._trouble_seconds:
            self._whole = self._trouble_seconds
            self.extend()
        self._face.tell(paper)
