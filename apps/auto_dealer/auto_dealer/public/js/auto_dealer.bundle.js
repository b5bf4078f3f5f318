// Loaded on every desk page: dialogs and handlers that must work wherever a deal is touched.
import "./dealer/namespace";
import "./dealer/gate";
import "./dealer/active_deal";
import "./dealer/needs_lead";
import "./dealer/new_deal";
import "./dealer/quick_search";
import "./dealer/merge_dialog";
import "./dealer/deal_form/index";
import "./dealer/duplicates";
import "./dealer/errors";
import "./dealer/list_tools";
import "./dealer/robot_log";
import "./dealer/contracts";
import "./dealer/notices";
import "./dealer/pack_dialog";
import "./payments/index";
import "./board/index";
